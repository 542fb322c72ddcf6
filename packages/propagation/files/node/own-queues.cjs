'use strict';

const { quietly } = require('./context.cjs');
const { clientOf, findPrefix, isOwn, prefixOf, projectOf, runAs } = require('./shared-redis.cjs');
const { hearsOwn } = require('./own-workers.cjs');

// In any process: where a queue is meant as a project has it, and the project works it itself, everything is done in the
// project's own in its place. Whatever fails on the way there, the base's queue gets the job.

/** What is done to jobs and schedulers; its settings a queue keeps for itself. */
const methods = [
  ...['add', 'addBulk', 'upsertJobScheduler', 'removeJobScheduler'],
  ...['getJobScheduler', 'getJobSchedulers', 'getJobSchedulersCount'],
  ...['getRepeatableJobs', 'removeRepeatable', 'removeRepeatableByKey'],
  ...[
    'getJobs',
    'getJobCounts',
    'getJobCountByTypes',
    'getCountsPerPriority',
    'getJobState',
    'getJobLogs',
    'addJobLog',
  ],
  ...['getDependencies', 'getDeduplicationJobId', 'removeDeduplicationKey', 'updateJobProgress', 'remove'],
  ...[
    'pause',
    'resume',
    'isPaused',
    'drain',
    'clean',
    'obliterate',
    'retryJobs',
    'promoteJobs',
    'getWorkers',
    'getMetrics',
  ],
];

/** Of projects, for each queue: those asked for last are kept. */
const viewsMax = 100;
const views = new WeakMap();

/** The queue as a project has it, over the same connection. */
function viewOf(Queue, queue, prefix, connection) {
  const known = views.get(queue) ?? new Map();
  views.set(queue, known);
  const view = known.get(prefix) ?? new Queue(queue.name, { ...queue.opts, prefix, connection });
  if (!known.has(prefix)) {
    view.on('error', () => {}); // of the connection: the queue tells the same
    view.on('waiting', (job) => queue.emit('waiting', job));
  }
  known.delete(prefix);
  known.set(prefix, view);
  const [[oldest, dropped]] = known;
  if (known.size > viewsMax) {
    known.delete(oldest);
    dropped.close().catch(() => {});
  }
  return view;
}

/** Never fails. */
async function findView(Queue, queue, project) {
  try {
    const client = await clientOf(queue);
    const prefix = await findPrefix(client, project, prefixOf(queue.opts), queue.name);
    return prefix === undefined ? queue : viewOf(Queue, queue, prefix, client);
  } catch {
    return queue;
  }
}

function routeQueue(Queue) {
  const route = (method) =>
    function routed(...args) {
      const project = quietly(projectOf, this.opts);
      if (project === undefined) return method.apply(this, args);
      return runAs(project, async () => method.apply(await findView(Queue, this, project), args));
    };
  const all = Queue.prototype;
  for (const name of methods) if (typeof all[name] === 'function') all[name] = route(all[name]);
  const { getJob } = all;
  // What a project added before it had the worker is the base's job.
  all.getJob = async function getRoutedJob(id) {
    const project = quietly(projectOf, this.opts);
    const view = project === undefined ? this : await findView(Queue, this, project);
    return (view === this ? undefined : await getJob.call(view, id)) ?? getJob.call(this, id);
  };
}

/** The nodes of a flow, each where it belongs. */
async function placeNodes(producer, project, nodes) {
  const client = await clientOf(producer);
  const place = async (node) => {
    const base = node.prefix || prefixOf(producer.opts);
    const prefix = isOwn(base) ? base : ((await findPrefix(client, project, base, node.queueName)) ?? base);
    return { ...node, prefix, ...(node.children && { children: await Promise.all(node.children.map(place)) }) };
  };
  return Promise.all(nodes.map(place));
}

function routeFlows({ prototype }) {
  const { add, addBulk, getFlow } = prototype;
  const routed = async (producer, nodes, body) => {
    const project = quietly(projectOf, producer.opts);
    if (project === undefined) return body(nodes);
    const placed = await placeNodes(producer, project, nodes).catch(() => nodes);
    return runAs(project, () => body(placed));
  };
  prototype.add = function addRouted(flow, ...more) {
    return routed(this, [flow], ([placed]) => add.call(this, placed, ...more));
  };
  prototype.addBulk = function addBulkRouted(flows, ...more) {
    return routed(this, flows, (placed) => addBulk.call(this, placed, ...more));
  };
  prototype.getFlow = async function getRoutedFlow(wanted) {
    const project = quietly(projectOf, { ...this.opts, prefix: wanted.prefix ?? this.opts.prefix });
    const [placed] = project === undefined ? [] : await placeNodes(this, project, [wanted]).catch(() => []);
    return (placed && (await getFlow.call(this, placed))) ?? getFlow.call(this, wanted);
  };
}

/** By what the app listens with, and prefix: who listens to a project's queue for it, and for how many. */
const listeners = new WeakMap();
/** What came a little before it listens is heard too, ms: its job may end meanwhile. */
const overlapMs = 10_000;

function listenWith(QueueEvents, events, prefix) {
  const known = listeners.get(events) ?? new Map();
  listeners.set(events, known);
  const options = { ...events.opts, prefix, lastEventId: `${Date.now() - overlapMs}-0` };
  const one = known.get(prefix) ?? { waits: 0, events: new QueueEvents(events.name, options) };
  if (!known.has(prefix)) one.events.on('error', () => {});
  known.set(prefix, one);
  one.waits++;
  const end = () => {
    one.waits--;
    if (one.waits > 0) return;
    known.delete(prefix);
    one.events.close().catch(() => {});
  };
  return { events: one.events, end };
}

/** Who waits for a job listens to the queue that has it. */
function routeWaits({ prototype }, QueueEvents) {
  const { waitUntilFinished } = prototype;
  prototype.waitUntilFinished = async function waitWhereItIs(events, ...more) {
    const prefix = prefixOf(this.queue.opts);
    if (!isOwn(prefix) || hearsOwn.has(events) || prefixOf(events.opts) === prefix)
      return waitUntilFinished.call(this, events, ...more);
    const listener = listenWith(QueueEvents, events, prefix);
    try {
      return await waitUntilFinished.call(this, listener.events, ...more);
    } finally {
      listener.end();
    }
  };
}

function install({ FlowProducer, Job, Queue, QueueEvents }) {
  routeQueue(Queue);
  routeFlows(FlowProducer);
  routeWaits(Job, QueueEvents);
}

module.exports = { install };
