import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Db, openDb } from '@berth/db/client';
import { createTestDatabase, prepareTemplate } from '@berth/db/test-database';
import { Redis } from 'ioredis';
import { needed } from '../../daemon/test/needed.js';
import { JobQueue } from '../src/queue.js';

export interface Traced {
  what: 'start' | 'end';
  buildId: string;
  pid: number;
}

export interface Jobs {
  db: Db;
  redis: Redis;
  queue: JobQueue;
  instance: string;
  /** Starts a worker process of its own, to be killed. Each build.run takes `holdMs`. */
  startWorker: (options: { holdMs: number }) => Promise<ChildProcess>;
  /** What the workers did, in order. */
  trace: () => Promise<Traced[]>;
  /** Removes everything of this Berth from Redis, as a flush would. */
  flush: () => Promise<void>;
  close: () => Promise<void>;
}

export const leaseTtlMs = 1_500;

export async function openJobs(): Promise<Jobs> {
  const adminUrl = needed('TEST_DATABASE_URL');
  const redisUrl = needed('TEST_REDIS_URL');
  await prepareTemplate(adminUrl, 'berth_template_jobs');
  const database = await createTestDatabase(adminUrl, 'berth_template_jobs');
  const instance = `test-${randomBytes(4).toString('hex')}`;
  const db = openDb(database.url, 4);
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: 3 });
  const queue = new JobQueue({ db, redis, instance });
  const workers: ChildProcess[] = [];
  const flush = async () => {
    const keys = await redis.keys(`berth:${instance}:*`);
    if (keys.length > 0) await redis.del(...keys);
  };
  return {
    db,
    redis,
    queue,
    instance,
    startWorker: async ({ holdMs }) => {
      const settings = { databaseUrl: database.url, redisUrl, instance, leaseTtlMs, holdMs };
      const worker = fork(fileURLToPath(new URL('worker.mjs', import.meta.url)), [JSON.stringify(settings)]);
      workers.push(worker);
      await once(worker, 'message');
      return worker;
    },
    trace: async () => (await redis.lrange(`trace:${instance}`, 0, -1)).map((line) => JSON.parse(line) as Traced),
    flush,
    close: async () => {
      await Promise.all(workers.map(kill));
      await queue.close();
      await flush();
      await redis.del(`trace:${instance}`);
      redis.disconnect();
      await db.$disconnect();
      await database.drop();
    },
  };
}

/** SIGKILL, as `kill -9` has it. */
export async function kill(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  worker.kill('SIGKILL');
  await once(worker, 'exit');
}

/** Waits until `look` gives a truthy value; throws after `timeoutMs`. */
export async function until<T>(look: () => Promise<T | undefined>, timeoutMs = 20_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${look.toString()}`);
    await sleep(25);
  }
}
