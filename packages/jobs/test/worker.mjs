// A worker process for the tests, to be killed: it traces what it does in a Redis list.
// argv: a JSON object { databaseUrl, redisUrl, instance, leaseTtlMs, holdMs }
import { setTimeout as sleep } from 'node:timers/promises';
import { openDb } from '@berth/db/client';
import { JobQueue } from '@berth/jobs/queue';
import { work } from '@berth/jobs/work';
import { Redis } from 'ioredis';

const { databaseUrl, redisUrl, instance, leaseTtlMs, holdMs } = JSON.parse(process.argv[2]);
const db = openDb(databaseUrl, 4);
const redis = new Redis(redisUrl, { maxRetriesPerRequest: null });
const queue = new JobQueue({ db, redis, instance });
const trace = (what, buildId) => redis.rpush(`trace:${instance}`, JSON.stringify({ what, buildId, pid: process.pid }));

work({
  db,
  redis,
  queue,
  instance,
  leaseTtlMs,
  concurrency: { 'build.run': 4 },
  onError: (error) => console.error(String(error)),
  handlers: {
    'build.run': async ({ buildId }, { signal }) => {
      await trace('start', buildId);
      await sleep(holdMs, undefined, { signal });
      await trace('end', buildId);
    },
  },
});
process.send?.('ready');
