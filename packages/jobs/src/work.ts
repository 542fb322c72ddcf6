import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Db } from '@berth/db/client';
import { isDatabaseAway } from '@berth/db/database-away';
import { UserError } from '@berth/domain/errors';
import { DelayedError, type Job, UnrecoverableError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { catalogue, type JobName, type Payload, pauseMs, triesOf } from './catalogue.js';
import { keepLease } from './keep-lease.js';
import { acquireLease, type Lease, LeaseLostError, releaseLease } from './lease.js';
import { NotYetError } from './not-yet.js';
import type { JobQueue } from './queue.js';
import { redisPrefix } from './queue.js';

/** What a handler gets beside its payload. */
export interface JobContext {
  signal: AbortSignal;
  lease: Lease;
  /** Is work that fails by this error not tried again? The handler is to say in its rows that it failed, and return. */
  isLastAttempt: (error: unknown) => boolean;
}

export type Handlers<N extends JobName> = { [K in N]: (payload: Payload<K>, context: JobContext) => Promise<void> };

export interface WorkOptions<N extends JobName> {
  db: Db;
  redis: Redis;
  queue: JobQueue;
  instance: string;
  handlers: Handlers<N>;
  /** Jobs side by side, per name. */
  concurrency: Partial<Record<N, number>>;
  /** How soon the work of a killed process is taken over, ms. */
  leaseTtlMs?: number;
  /** `isFinal`: the job is not tried again. */
  onError: (error: unknown, what: { name: string; jobId: string | undefined; isFinal: boolean }) => void;
}

/** Works jobs until `stop` is called, which waits for the running ones. Also runs the outbox sweeper. */
export function work<N extends JobName>(options: WorkOptions<N>): { stop: () => Promise<void> } {
  const leaseTtlMs = options.leaseTtlMs ?? 10_000;
  const holder = `${hostname()}:${process.pid}:${randomUUID()}`;
  const workers = (Object.keys(options.handlers) as N[]).map((name) => {
    const worker = new Worker(name, (job, token) => runJob(options, name, job, token, holder, leaseTtlMs), {
      connection: options.redis.duplicate({ maxRetriesPerRequest: null }),
      prefix: redisPrefix(options.instance),
      concurrency: options.concurrency[name] ?? 1,
      lockDuration: leaseTtlMs,
      drainDelay: 20, // s; a job that is added wakes its worker at once, this only asks again
      stalledInterval: Math.max(1_000, leaseTtlMs / 2),
      maxStalledCount: 1_000,
      settings: { backoffStrategy: pauseMs },
    });
    worker.on('error', (error) => options.onError(error, { name, jobId: undefined, isFinal: false }));
    return worker;
  });
  const sweeper = setInterval(() => {
    options.queue
      .sweep()
      .catch((error) => options.onError(error, { name: 'outbox.sweep', jobId: undefined, isFinal: false }));
  }, 5_000);
  const pruner = setInterval(() => {
    options.queue
      .prune()
      .catch((error) => options.onError(error, { name: 'outbox.prune', jobId: undefined, isFinal: false }));
  }, 3_600_000);
  return {
    stop: async () => {
      clearInterval(sweeper);
      clearInterval(pruner);
      await Promise.allSettled(workers.map((worker) => worker.close()));
    },
  };
}

async function runJob<N extends JobName>(
  options: WorkOptions<N>,
  name: N,
  job: Job,
  token: string | undefined,
  holder: string,
  leaseTtlMs: number,
): Promise<void> {
  const { db } = options;
  const outboxId = job.id as string;
  const isLastAttempt = (error: unknown) => job.attemptsMade + 1 >= triesOf(name, error);
  try {
    const row = await db.outbox.findUnique({ where: { id: outboxId } });
    if (!row || row.doneAt) return;
    const payload = parsePayload(name, row.payload);
    const key = (catalogue[name].overlapKey as (p: Payload<N>) => string)(payload);
    const lease = await acquireLease(db, key, holder, leaseTtlMs);
    if (!lease) return await comeAgain(job, token, busyDelayMs);
    try {
      await withLease(db, lease, { ttlMs: leaseTtlMs, timeoutMs: catalogue[name].timeoutMs }, (signal) =>
        options.handlers[name](payload, { signal, lease, isLastAttempt }),
      );
      await endRow(db, outboxId, null);
    } finally {
      await releaseLease(db, lease).catch(() => {}); // else it runs out by itself
    }
  } catch (error) {
    if (error instanceof DelayedError) throw error;
    if (error instanceof NotYetError) return await comeAgain(job, token, error.delayMs);
    // Neither says anything about the work: its row would be left running for good if this ended the job.
    const isCutOff = isDatabaseAway(error) || error instanceof LeaseLostError;
    const isFinal = error instanceof UserError || error instanceof PayloadError;
    options.onError(error, { name, jobId: outboxId, isFinal });
    if (isCutOff) return await comeAgain(job, token, awayDelayMs);
    if (!isFinal && !isLastAttempt(error)) throw error;
    await (isFinal ? endRow : putOffRow)(db, outboxId, String(error));
    throw new UnrecoverableError(String(error)); // BullMQ drops it
  }
}

/**
 * A handler that throws at its last try could not even say that its work failed. BullMQ drops the job, and the sweeper
 * sends the row again later, with all its tries: no work is left half done for good.
 */
async function putOffRow(db: Db, id: string, error: string): Promise<void> {
  const runAt = new Date(Date.now() + droppedDelayMs);
  await db.outbox.updateMany({ where: { id, doneAt: null }, data: { runAt, error } });
}

const droppedDelayMs = 30_000;

/** A row that no version of this code can work: never tried again. */
class PayloadError extends Error {}

function parsePayload<N extends JobName>(name: N, payload: unknown): Payload<N> {
  const result = catalogue[name].payload.safeParse(payload);
  if (!result.success) throw new PayloadError(`payload of ${name}: ${result.error.message}`);
  return result.data as Payload<N>;
}

/** The row, not Redis, says that a job is over. */
async function endRow(db: Db, id: string, error: string | null): Promise<void> {
  await db.outbox.updateMany({ where: { id, doneAt: null }, data: { doneAt: new Date(), error } });
}

/** How soon to ask again when another job of the same key runs, and when the database or the lease was away, ms. */
const busyDelayMs = 200;
const awayDelayMs = 1_000;

/** Puts the job off for a moment; BullMQ does not count this as a try. */
async function comeAgain(job: Job, token: string | undefined, delayMs: number): Promise<never> {
  await job.moveToDelayed(Date.now() + delayMs, token);
  throw new DelayedError();
}

/** Runs `body` while renewing its lease; its signal is aborted at the deadline and when the lease is lost. */
async function withLease(
  db: Db,
  lease: Lease,
  limits: { ttlMs: number; timeoutMs: number },
  body: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const controller = new AbortController();
  const deadline = setTimeout(
    () => controller.abort(new UserError('build_timeout', 'It took too long and was stopped.')),
    limits.timeoutMs,
  );
  const renewal = keepLease(db, lease, limits.ttlMs, (error) => controller.abort(error));
  try {
    await body(controller.signal);
  } finally {
    clearTimeout(deadline);
    renewal.stop();
  }
}
