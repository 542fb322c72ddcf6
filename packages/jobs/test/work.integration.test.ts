import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { openDb } from '@berth/db/client';
import { TransientError, UserError } from '@berth/domain/errors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quickest } from '../../daemon/test/quickest.js';
import type { Payload } from '../src/catalogue.js';
import { acquireLease, assertLease, releaseLease, renewLease } from '../src/lease.js';
import { NotYetError } from '../src/not-yet.js';
import { addJob } from '../src/outbox.js';
import { Wake } from '../src/wake.js';
import { type JobContext, work } from '../src/work.js';
import { type Jobs, leaseTtlMs, openJobs, until } from './open-jobs.js';

type Handler = (payload: Payload<'build.run'>, context: JobContext) => Promise<void>;

describe('work', () => {
  let jobs: Jobs;
  const stops: (() => Promise<void>)[] = [];
  beforeEach(async () => {
    jobs = await openJobs();
  });
  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()));
    await jobs.close();
  });

  const errors: { isFinal: boolean; error: unknown }[] = [];
  const start = (handler: Handler) => {
    errors.length = 0;
    const { db, redis, queue, instance } = jobs;
    const { stop } = work({
      db,
      redis,
      queue,
      instance,
      leaseTtlMs,
      concurrency: {},
      handlers: { 'build.run': handler },
      onError: (error, { isFinal }) => errors.push({ error, isFinal }),
    });
    stops.push(stop);
  };
  const ask = async (payload: object = { appId: 'app', buildId: 'one' }) => {
    const id = await addJob(jobs.db, 'build.run', payload as Payload<'build.run'>);
    await jobs.queue.send([id, id]); // sending twice is sending once
    return id;
  };
  const doneRow = (id: string) =>
    until(async () => {
      const row = await jobs.db.outbox.findUniqueOrThrow({ where: { id } });
      return row.doneAt ? row : undefined;
    });

  it('tries what failed for a moment again, longer than a fault of ours, and says which try is the last', async () => {
    const tries: unknown[] = [];
    start(async (_payload, { isLastAttempt }) => {
      tries.push([new TransientError('away'), new Error('a fault')].map(isLastAttempt));
      if (tries.length < 4) throw new TransientError('the registry did not answer');
    });
    expect((await doneRow(await ask())).error).toBeNull();
    expect(tries).toEqual([
      [false, false],
      [false, false],
      [false, true],
      [false, true],
    ]);
  });

  it('keeps the row of a job for a week after it was done, and one that is not done for ever', async () => {
    const weekAndMore = new Date(Date.now() - 8 * 24 * 3_600_000);
    const make = (data: object) =>
      jobs.db.outbox.create({ data: { name: 'build.run', payload: {}, runAt: new Date('2100-01-01'), ...data } });
    const old = await make({ createdAt: weekAndMore, doneAt: weekAndMore });
    const recent = await make({ createdAt: weekAndMore, doneAt: new Date() });
    const open = await make({ createdAt: weekAndMore });
    expect(await jobs.queue.prune()).toBe(1);
    const left = await jobs.db.outbox.findMany({ where: { id: { in: [old.id, recent.id, open.id] } } });
    expect(left.map(({ id }) => id).sort()).toEqual([recent.id, open.id].sort());
    await jobs.db.outbox.deleteMany({ where: { id: { in: [recent.id, open.id] } } });
  });

  it("does not try the customer's failure again", async () => {
    let tries = 0;
    start(async () => {
      tries += 1;
      throw new UserError('build_failed', 'The build script ended with 1.');
    });
    expect((await doneRow(await ask())).error).toContain('The build script ended with 1.');
    expect(tries).toBe(1);
    expect(errors).toMatchObject([{ isFinal: true }]);
  });

  it('ends a job whose payload no code can read, once and for all', async () => {
    start(async () => {});
    const row = await doneRow(await ask({ appId: 7 }));
    expect(row.error).toContain('payload of build.run');
    expect(errors).toMatchObject([{ isFinal: true }]);
  });

  it('does not count "not yet" as a try', async () => {
    let tries = 0;
    start(async (_payload, { isLastAttempt }) => {
      expect(isLastAttempt(new Error('a fault of ours'))).toBe(false);
      tries += 1;
      if (tries < 6) throw new NotYetError('another one runs');
    });
    expect((await doneRow(await ask())).error).toBeNull();
    expect(tries).toBe(6);
  });

  it('aborts the signal of a worker whose lease went to somebody else', async () => {
    let reason: unknown;
    const lost = new Promise<void>((resolve) =>
      start(async (_payload, { signal, lease }) => {
        await jobs.db.lease.update({ where: { key: lease.key }, data: { fence: { increment: 1 }, holder: 'thief' } });
        if (!signal.aborted) await once(signal, 'abort');
        reason = signal.reason;
        resolve();
      }),
    );
    await ask();
    await lost;
    expect(String(reason)).toContain('lease');
  });

  it('gives no job up that its handler could not end: it comes again later, with all its tries', async () => {
    const tries: boolean[] = [];
    start(async (_payload, { isLastAttempt }) => {
      const error = new Error('a fault of ours');
      tries.push(isLastAttempt(error));
      if (tries.length <= 3) throw error;
    });
    const id = await ask();
    const row = await until(async () => {
      const now = await jobs.db.outbox.findUniqueOrThrow({ where: { id } });
      return now.error ? now : undefined;
    });
    expect(tries).toEqual([false, false, true]);
    expect(row.doneAt).toBeNull();
    expect(row.runAt.getTime()).toBeGreaterThan(Date.now() + 20_000);
    await jobs.db.outbox.update({ where: { id }, data: { runAt: new Date() } });
    await jobs.flush(); // with the delay that it was sent with
    expect((await doneRow(id)).error).toBeNull();
  });

  it('never ends a job for a lost lease or a database that is away, not even at its last try', async () => {
    let tries = 0;
    const away = openDb('postgres://berth@127.0.0.1:1/none', 1);
    start(async (_payload, { lease }) => {
      tries += 1;
      if (tries <= 2) throw new TransientError('a moment');
      if (tries === 3) await assertLease(jobs.db, { ...lease, fence: lease.fence - 1 });
      if (tries === 4) await away.user.findFirst();
    });
    expect((await doneRow(await ask())).error).toBeNull();
    expect(tries).toBe(5);
    expect(errors.map(({ isFinal }) => isFinal)).toEqual([false, false, false, false]);
    await away.$disconnect();
  });

  it('fences: a lease that was taken over lets its first holder write nothing', async () => {
    const key = randomUUID();
    const first = await acquireLease(jobs.db, key, 'first', 60_000);
    if (!first) throw new Error('the lease is free');
    expect(await acquireLease(jobs.db, key, 'second', 60_000)).toBeUndefined();
    await assertLease(jobs.db, first);
    await releaseLease(jobs.db, first);
    expect(await renewLease(jobs.db, first, 60_000)).toBe(false); // one that was under way revives nothing
    const second = await acquireLease(jobs.db, key, 'second', 60_000);
    expect(second?.fence).toBe(first.fence + 1);
    await expect(assertLease(jobs.db, first)).rejects.toBeInstanceOf(TransientError);
  });

  it('wakes who waits for a topic, in any process, and nobody else', async () => {
    const { redis, instance } = jobs;
    const [here, there] = [new Wake({ redis, instance }), new Wake({ redis, instance })];
    await here.wait(['app:none'], 100); // subscribes
    const woken = here.wait(['build:one', 'app:one'], 30_000);
    const other = here.wait(['build:two'], 1_000);
    await there.publish(['build:one']);
    expect([await woken, await other]).toEqual([true, false]);
    const aborted = new AbortController();
    const waiting = here.wait(['build:three'], 60_000, aborted.signal);
    aborted.abort();
    await waiting;
    const lookTwice = async () => {
      let looks = 0;
      const askedAt = Date.now();
      await here.until(['app:seen'], async () => {
        looks += 1;
        if (looks === 1) await there.publish(['app:seen']); // between the reading of a row and its answer
        return looks > 1 || undefined;
      });
      return Date.now() - askedAt;
    };
    expect(await quickest(500, lookTwice)).toBeLessThan(500);
    await Promise.all([here.close(), there.close()]);
  });
});
