'use strict';

// One process of a shop: it adds jobs to the queue QUEUE, and works them if WORKER says as whom. GET /<how> adds one and answers
// what its worker has returned: who that is, and under which mark it worked.
const http = require('node:http');
const { once } = require('node:events');

const { BULLMQ = 'bullmq', IMPORT, QUEUE: name, TEST_REDIS_URL: url, WORKER } = process.env;
const connection = { url };
const propagate = globalThis[Symbol.for('berth.propagate')];

async function work(job) {
  if (job.data.failsOnce && job.attemptsMade === 0) throw new Error('once');
  if (job.data.hangs && WORKER !== job.data.hangs) await new Promise((resolve) => setTimeout(resolve, 3_600_000));
  const children = Object.values((await job.getChildrenValues?.()) ?? {});
  return { by: WORKER, mark: propagate.current() ?? null, ...(children.length > 0 && { children }) };
}

async function open() {
  const { FlowProducer, Queue, QueueEvents, Worker } = await (IMPORT ? import('bullmq') : require(BULLMQ));
  if (WORKER) {
    const quick = { lockDuration: 1_000, stalledInterval: 500 };
    await new Worker(name, work, { connection, concurrency: 4, ...quick }).on('error', console.error).waitUntilReady();
  }
  const events = new QueueEvents(name, { connection });
  await events.waitUntilReady();
  return { queue: new Queue(name, { connection }), flows: new FlowProducer({ connection }), events };
}

const data = { from: process.pid };
const ways = {
  add: ({ queue }) => queue.add('job', data),
  addBulk: async ({ queue }) => (await queue.addBulk([{ name: 'job', data }]))[0],
  delayed: ({ queue }) => queue.add('job', data, { delay: 20 }),
  retried: ({ queue }) => queue.add('job', { ...data, failsOnce: true }, { attempts: 2 }),
  flow: async ({ flows }) => {
    const flow = { name: 'job', queueName: name, data, children: [{ name: 'job', queueName: name, data }] };
    return (await flows.add(flow)).job;
  },
  scheduled: ({ queue }) =>
    queue.upsertJobScheduler(`each-${Math.random()}`, { every: 50, limit: 1 }, { name: 'job', data }),
  byId: async ({ queue }) => queue.getJob((await queue.add('job', data)).id),
};

/** What the test itself does to Redis. */
const acts = {
  isWorked: (client, parameters) => client.hexists('berth:workers', `${parameters.get('project')}/bull:${name}`),
  breakRegistry: (client) => client.set('berth:workers', 'of another kind'),
  clean: async (client) => {
    await client.del('berth:workers');
    await client.del(...(await client.keys(`*${name}*`)));
  },
};

async function answer(parts, how, parameters) {
  const { events, queue } = parts;
  if (acts[how]) {
    const client = (await queue.client) ?? (await queue.getBackend().connection.client);
    return (await acts[how](client, parameters)) ?? null;
  }
  if (how === 'hang') return { id: (await queue.add('job', { hangs: parameters.get('until') })).id };
  if (how === 'counts') return queue.getJobCounts();
  const job = how === 'await' ? await queue.getJob(parameters.get('id')) : await ways[how](parts);
  return job ? job.waitUntilFinished(events) : null;
}

open().then((parts) => {
  const server = http.createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://queues.internal');
    answer(parts, pathname.slice(1), searchParams).then(
      (got) => response.end(JSON.stringify(got)),
      (error) => response.writeHead(500).end(String(error.stack)),
    );
  });
  once(server.listen(0, '127.0.0.1'), 'listening').then(() =>
    console.log(JSON.stringify({ port: server.address().port })),
  );
});
