import type { Db } from '@berth/db/client';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { catalogue, type JobName, triesOf } from './catalogue.js';

/** Keys of one Berth in Redis start with this; queues of BullMQ too. */
export const redisPrefix = (instance: string) => `berth:${instance}`;

/**
 * The sending side: outbox rows become BullMQ jobs with the row's id as job id, so that sending twice is sending once.
 * BullMQ only carries work; the row says whether it is done. The only files that know BullMQ are this one and work.ts.
 */
export class JobQueue {
  readonly #queues = new Map<JobName, Queue>();
  readonly #db: Db;
  readonly #redis: Redis;
  readonly #instance: string;

  constructor(options: { db: Db; redis: Redis; instance: string }) {
    this.#db = options.db;
    this.#redis = options.redis;
    this.#instance = options.instance;
  }

  #queue(name: JobName): Queue {
    let queue = this.#queues.get(name);
    if (!queue) {
      queue = new Queue(name, { connection: this.#redis, prefix: redisPrefix(this.#instance) });
      queue.on('error', () => {}); // the sweeper sends again what a lost connection did not
      this.#queues.set(name, queue);
    }
    return queue;
  }

  /** Sends committed outbox rows. A failure is not one: the sweeper finds the rows. */
  async send(outboxIds: readonly string[]): Promise<void> {
    if (outboxIds.length === 0) return;
    const rows = await this.#db.outbox.findMany({ where: { id: { in: [...outboxIds] }, doneAt: null } });
    await Promise.all(rows.map((row) => this.#add(row)));
  }

  async #add(row: { id: string; name: string; payload: unknown; runAt: Date }): Promise<void> {
    const name = row.name as JobName;
    await this.#queue(name).add(name, row.payload, {
      jobId: row.id,
      delay: Math.max(0, row.runAt.getTime() - Date.now()),
      attempts: triesOf(name),
      backoff: { type: 'custom' }, // pauseMs, in work.ts
      removeOnComplete: true,
      removeOnFail: true,
    });
  }

  /** Sends again every row that is due and not done: what a killed process or a killed Redis lost. Returns how many. */
  async sweep(olderThanMs = 3_000): Promise<number> {
    const rows = await this.#db.outbox.findMany({
      where: {
        doneAt: null,
        name: { in: Object.keys(catalogue) },
        createdAt: { lt: new Date(Date.now() - olderThanMs) },
      },
      orderBy: { createdAt: 'asc' },
      take: 500,
    });
    await Promise.all(rows.map((row) => this.#add(row)));
    return rows.length; // with those that are still in Redis, which adding again does not double
  }

  /** Forgets rows that were done a week ago: until then they tell what happened to a job. Returns how many. */
  async prune(keptMs = 7 * 24 * 3_600_000): Promise<number> {
    const { count } = await this.#db.outbox.deleteMany({ where: { doneAt: { lt: new Date(Date.now() - keptMs) } } });
    return count;
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#queues.values()].map((queue) => queue.close()));
  }
}
