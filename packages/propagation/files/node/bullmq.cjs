'use strict';

const { busyWhile } = require('./busy.cjs');
const { current, quietly, runWith, runWithout } = require('./context.cjs');
const { readMark } = require('./mark.cjs');
const ownQueues = require('./own-queues.cjs');
const ownWorkers = require('./own-workers.cjs');
const { isProject } = require('./shared-redis.cjs');

// Jobs of BullMQ carry the mark by its own `telemetry` option: it lies in the job's options (`tm`), data is untouched. An
// app that has a telemetry of its own keeps it: the baggage that this one carries holds the mark.

const span = {
  setSpanOnContext: (context) => context,
  addEvent() {},
  setAttribute() {},
  setAttributes() {},
  recordException() {},
  end() {},
};

const telemetry = {
  tracer: { startSpan: () => span },
  contextManager: {
    active: current,
    root: () => '',
    with: (mark, body) => (mark === undefined ? body() : runWith(mark, body)),
    getMetadata: (mark) => mark ?? '',
    fromMetadata: (_active, metadata) => readMark(metadata) ?? '',
  },
};

/** OpenTelemetry's SpanKind.CONSUMER: a worker that works a job. */
const consumer = 4;

function traceMarked(trace) {
  return function traceWithMark(kind, operation, destination, body, metadata) {
    this.opts.telemetry ??= telemetry;
    const run = () => trace.call(this, kind, operation, destination, body, metadata);
    // A worker that a marked request has started is not that request's: a job without a mark has none.
    const isForeign = this.opts.telemetry === telemetry && kind === consumer && !metadata && current() !== undefined;
    return isForeign ? runWithout(run) : run();
  };
}

/** BullMQ forgets the metadata of a node of a flow that has no options. */
function giveOptions(nodes) {
  for (const node of [nodes].flat()) {
    node.opts ??= {};
    if (node.children) giveOptions(node.children);
  }
}

/** A job that only waits uses no CPU time: its app must not be frozen meanwhile. */
function showWork({ prototype }) {
  const { callProcessJob } = prototype;
  if (typeof callProcessJob !== 'function') return;
  prototype.callProcessJob = function workBusily(...args) {
    return busyWhile(() => callProcessJob.apply(this, args));
  };
}

function install(loaded) {
  const { FlowProducer, QueueBase, Worker } = loaded;
  QueueBase.prototype.trace = traceMarked(QueueBase.prototype.trace);
  for (const name of ['add', 'addBulk']) {
    const add = FlowProducer.prototype[name];
    FlowProducer.prototype[name] = function addMarked(flow, ...more) {
      this.telemetry ??= telemetry;
      quietly(giveOptions, flow);
      return add.call(this, flow, ...more);
    };
  }
  quietly(showWork, Worker);
  quietly(ownQueues.install, loaded);
  if (isProject) quietly(ownWorkers.install, loaded);
}

module.exports = { install };
