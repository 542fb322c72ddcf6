import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Db } from '@berth/db/client';
import { UserError } from '@berth/domain/errors';
import { DelayedError, type Job, UnrecoverableError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { catalogue, type JobName, type Payload } from './catalogue.js';
import { acquireLease, type Lease, releaseLease, renewLease } from './lease.js';
import { NotYetError } from './not-yet.js';
import type { JobQueue } from './queue.js';
import { redisPrefix } from './queue.js';

/** What a handler gets beside its payload. `isLastAttempt`: a failure now is final. */
export interface JobContext {
  signal: AbortSignal;
  lease: Lease;
  isLastAttempt: boolean;
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
      stalledInterval: Math.max(1_000, leaseTtlMs / 2),
      maxStalledCount: 1_000,
    });
    worker.on('error', (error) => options.onError(error, { name, jobId: undefined, isFinal: false }));
    return worker;
  });
  const sweeper = setInterval(() => {
    options.queue
      .sweep()
      .catch((error) => options.onError(error, { name: 'outbox.sweep', jobId: undefined, isFinal: false }));
  }, 2_000);
  return {
    stop: async () => {
      clearInterval(sweeper);
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
  const row = await db.outbox.findUnique({ where: { id: outboxId } });
  if (!row || row.doneAt) return;
  const spec = catalogue[name];
  const payload = spec.payload.parse(row.payload) as Payload<N>;
  const lease = await acquireLease(db, (spec.overlapKey as (p: Payload<N>) => string)(payload), holder, leaseTtlMs);
  if (!lease) return comeAgain(job, token);
  const isLastAttempt = job.attemptsMade + 1 >= spec.attempts;
  try {
    await withLease(db, lease, { ttlMs: leaseTtlMs, timeoutMs: spec.timeoutMs }, (signal) =>
      options.handlers[name](payload, { signal, lease, isLastAttempt }),
    );
    await db.outbox.updateMany({ where: { id: outboxId, doneAt: null }, data: { doneAt: new Date() } });
  } catch (error) {
    if (error instanceof NotYetError) return await comeAgain(job, token);
    const isFinal = isLastAttempt || error instanceof UserError;
    options.onError(error, { name, jobId: outboxId, isFinal });
    if (!isFinal) throw error;
    await db.outbox.updateMany({
      where: { id: outboxId, doneAt: null },
      data: { doneAt: new Date(), error: String(error) },
    });
    throw new UnrecoverableError(String(error));
  } finally {
    await releaseLease(db, lease).catch(() => {});
  }
}

/** Puts the job off for a moment; BullMQ does not count this as a try. */
async function comeAgain(job: Job, token: string | undefined): Promise<never> {
  await job.moveToDelayed(Date.now() + 200, token);
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
  let lastRenewedAt = Date.now();
  const renewal = setInterval(() => {
    renewLease(db, lease, limits.ttlMs).then(
      (isOurs) => {
        if (isOurs) lastRenewedAt = Date.now();
        else controller.abort(new Error('lease lost'));
      },
      () => {
        if (Date.now() - lastRenewedAt > limits.ttlMs) controller.abort(new Error('lease not renewed in time'));
      },
    );
  }, limits.ttlMs / 3);
  try {
    await body(controller.signal);
  } finally {
    clearTimeout(deadline);
    clearInterval(renewal);
  }
}
