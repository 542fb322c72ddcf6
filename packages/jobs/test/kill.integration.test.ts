import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addJob } from '../src/outbox.js';
import { type Jobs, kill, openJobs, until } from './open-jobs.js';

describe('work over several processes', () => {
  let jobs: Jobs;
  beforeEach(async () => {
    jobs = await openJobs();
  });
  afterEach(() => jobs.close());

  const ask = async (appId: string, buildId: string) => {
    const id = await addJob(jobs.db, 'build.run', { appId, buildId });
    await jobs.queue.send([id]);
    return id;
  };
  const isDone = async (id: string) => (await jobs.db.outbox.findUniqueOrThrow({ where: { id } })).doneAt !== null;
  const isStarted = async (buildId: string) =>
    (await jobs.trace()).some((line) => line.what === 'start' && line.buildId === buildId);

  it('takes the job of a killed process over, and tries it with a greater fence', async () => {
    const first = await jobs.startWorker({ holdMs: 60_000 });
    const id = await ask('app', 'one');
    await until(() => isStarted('one'));
    await kill(first);
    const before = await jobs.db.lease.findUniqueOrThrow({ where: { key: 'build:app' } });
    const second = await jobs.startWorker({ holdMs: 50 });
    await until(() => isDone(id));
    const after = await jobs.db.lease.findUniqueOrThrow({ where: { key: 'build:app' } });
    expect(after.fence).toBeGreaterThan(before.fence);
    expect(await jobs.trace()).toEqual([
      { what: 'start', buildId: 'one', pid: first.pid },
      { what: 'start', buildId: 'one', pid: second.pid },
      { what: 'end', buildId: 'one', pid: second.pid },
    ]);
  });

  it('never runs two jobs of one key at a time, whichever process has them, and others side by side', async () => {
    await Promise.all([jobs.startWorker({ holdMs: 300 }), jobs.startWorker({ holdMs: 300 })]);
    const names = ['a', 'b', 'c', 'd'];
    const ids = await Promise.all([...names.map((name) => ask('same', name)), ask('other', 'x'), ask('third', 'y')]);
    await until(async () => (await Promise.all(ids.map(isDone))).every(Boolean));
    const trace = await jobs.trace();
    const same = trace.filter(({ buildId }) => names.includes(buildId)).map(({ what }) => what);
    expect(same).toEqual(['start', 'end', 'start', 'end', 'start', 'end', 'start', 'end']);
    const firstEnd = trace.findIndex(({ what }) => what === 'end');
    expect(trace.slice(0, firstEnd).length).toBeGreaterThanOrEqual(3); // one of each app
  });

  it('loses no job to a flushed Redis: neither one that waits nor one that runs, and runs none twice at a time', async () => {
    const waiting = await ask('app', 'waiting');
    await jobs.flush();
    await jobs.startWorker({ holdMs: 4_000 });
    await until(() => isStarted('waiting'));
    await jobs.flush(); // while it runs
    await jobs.startWorker({ holdMs: 50 });
    const later = await ask('app', 'later');
    await until(async () => (await isDone(waiting)) && (await isDone(later)));
    const trace = (await jobs.trace()).map(({ what, buildId }) => `${what} ${buildId}`);
    expect(trace).toEqual(['start waiting', 'end waiting', 'start later', 'end later']);
  });
});
