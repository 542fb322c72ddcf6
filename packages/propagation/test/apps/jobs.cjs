'use strict';

// An app whose requests add jobs, and whose worker makes a call for each: GET /<how>?url=<other service> answers with the
// baggage of that call. Worker and connections are made by the first request that comes.
const http = require('node:http');
const clients = require('./clients.cjs');

const name = `propagation-${process.pid}`;
const connection = { url: process.env.TEST_REDIS_URL };
const waiting = new Map();
let parts;

async function open() {
  const { FlowProducer, Queue, Worker } = await (process.env.IMPORT ? import('bullmq') : require('bullmq'));
  const queue = new Queue(name, { connection });
  const flows = new FlowProducer({ connection });
  const work = async (job) => {
    if (job.data.failsOnce && job.attemptsMade === 0) throw new Error('once');
    const got = await clients.http(job.data.url);
    waiting.get(job.data.id)?.push(got ?? null);
  };
  const worker = new Worker(name, work, { connection, concurrency: 4 });
  worker.on('error', console.error);
  return { queue, flows };
}

const ways = {
  add: ({ queue }, data) => queue.add('job', data),
  addBulk: ({ queue }, data) => queue.addBulk([{ name: 'job', data }]),
  delayed: ({ queue }, data) => queue.add('job', data, { delay: 20 }),
  retried: ({ queue }, data) => queue.add('job', { ...data, failsOnce: true }, { attempts: 2 }),
  flow: ({ flows }, data) =>
    flows.add({ name: 'job', queueName: name, data, children: [{ name: 'job', queueName: name, data }] }),
};

async function answer(request, response) {
  const { pathname, searchParams } = new URL(request.url, 'http://jobs.internal');
  parts ??= open();
  const id = Math.random();
  const got = [];
  waiting.set(id, got);
  const how = pathname.slice(1);
  if (how === 'clean') return (await parts).queue.obliterate({ force: true }).then(() => response.end());
  await ways[how](await parts, { id, url: searchParams.get('url') });
  while (got.length < (how === 'flow' ? 2 : 1)) await new Promise((resolve) => setTimeout(resolve, 5));
  response.end(JSON.stringify(got));
}

const server = http.createServer((request, response) => {
  answer(request, response).catch((error) => response.writeHead(500).end(String(error.stack)));
});
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })));
