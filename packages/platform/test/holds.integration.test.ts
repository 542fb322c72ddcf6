import { randomUUID } from 'node:crypto';
import { acquireLease, LeaseLostError } from '@berth/jobs/lease';
import { describe, expect, it } from 'vitest';
import { withServiceHeld } from '../src/collections/with-service-held.js';
import { endHoldsSoon, holdForPerson } from '../src/registry/hold-for-person.js';
import { openPushGate } from '../src/registry/open-push-gate.js';
import { withUploadsInOrder } from '../src/registry/with-uploads-in-order.js';
import { worldWithApp } from './open-world.js';

const here = worldWithApp();

const later = () => {
  let go = () => {};
  const gone = new Promise<void>((resolve) => {
    go = resolve;
  });
  return { go, gone };
};

/** The service of the app, as a collection knows it. */
const service = async () => {
  const { repositoryId } = await here.world.platform.db.app.findUniqueOrThrow({ where: { id: here.app.id } });
  return { repositoryId, apps: [{ id: here.app.id }] };
};

describe('a service that is collected', () => {
  it('lets nobody push to its images meanwhile, and waits for who does', async () => {
    const { platform } = here.world;
    const of = await service();
    const gate = openPushGate(platform);
    const [pushEnds, collectionEnds] = [later(), later()];
    const order: string[] = [];
    const pushing = gate(`app/${of.repositoryId}`, async () => {
      order.push('push');
      await pushEnds.gone;
      order.push('push ends');
    });
    await expect.poll(() => order).toEqual(['push']);
    const collecting = withServiceHeld(platform, of, async () => {
      order.push('collection');
      await collectionEnds.gone;
      order.push('collection ends');
    });
    const key = `delete:app/${of.repositoryId}`;
    await expect.poll(() => platform.db.lease.count({ where: { key, expiresAt: { gt: new Date() } } })).toBe(1);
    const late = gate(`app/${of.repositoryId}`, async () => order.push('late push'));
    await gate('app/of-another', async () => order.push('of another'));
    pushEnds.go();
    await expect.poll(() => order).toContain('collection');
    collectionEnds.go();
    expect(await collecting).toBe(true);
    await Promise.all([pushing, late]);
    expect(order).toEqual(['push', 'of another', 'push ends', 'collection', 'collection ends', 'late push']);
  });

  it('does not keep a push waiting that was given up meanwhile', async () => {
    const { platform } = here.world;
    const of = await service();
    const gate = openPushGate(platform);
    const [collectionEnds, cancelled] = [later(), new AbortController()];
    const collecting = withServiceHeld(platform, of, () => collectionEnds.gone);
    const key = `delete:app/${of.repositoryId}`;
    await expect.poll(() => platform.db.lease.count({ where: { key, expiresAt: { gt: new Date() } } })).toBe(1);
    const push = () => Promise.reject(new Error('it ran'));
    const waiting = expect(gate(`app/${of.repositoryId}`, push, cancelled.signal)).rejects.toThrow('cancelled');
    cancelled.abort(new Error('cancelled'));
    await waiting;
    collectionEnds.go();
    await collecting;
    expect(await platform.db.registryPush.count()).toBe(0);
  });

  it('is left alone while one of its builds runs', async () => {
    const { platform } = here.world;
    const key = `build:${here.app.id}`;
    expect(await acquireLease(platform.db, key, randomUUID(), 60_000)).toBeDefined();
    expect(await withServiceHeld(platform, await service(), () => Promise.reject(new Error('it ran')))).toBe(false);
    await platform.db.lease.delete({ where: { key } });
  });

  it('is held for as long as it takes, and let go at once when its hold was lost', async () => {
    const { platform } = here.world;
    const of = await service();
    const leases = { where: { key: { in: [`build:${here.app.id}`, `delete:app/${of.repositoryId}`] } } };
    const ends = () => platform.db.lease.findMany({ ...leases, orderBy: { key: 'asc' } });
    const collecting = withServiceHeld(
      platform,
      of,
      async (signal) => {
        const before = await ends();
        await expect
          .poll(async () => (await ends()).every(({ expiresAt }, n) => expiresAt > before[n]!.expiresAt), {
            timeout: 5_000,
          })
          .toBe(true);
        await platform.db.lease.updateMany({ ...leases, data: { fence: { increment: 1 } } }); // somebody else's now
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        signal.throwIfAborted();
      },
      { ttlMs: 1_500 },
    );
    await expect(collecting).rejects.toBeInstanceOf(LeaseLostError);
  });

  it('is held at once by who goes on for a collection that was killed, which may not go on itself', async () => {
    const { platform } = here.world;
    const of = await service();
    const begun = later();
    const first = withServiceHeld(
      platform,
      of,
      async (signal) => {
        begun.go();
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        signal.throwIfAborted();
      },
      { ttlMs: 1_500 },
    );
    const lost = expect(first).rejects.toBeInstanceOf(LeaseLostError);
    await begun.gone;
    expect(await withServiceHeld(platform, of, () => lost)).toBe(true);
  });
});

describe('uploads of one app', () => {
  it('are taken up one after the other', async () => {
    const { platform } = here.world;
    const order: string[] = [];
    const firstEnds = later();
    const take = (name: string, until: Promise<void>) =>
      withUploadsInOrder(platform, { appId: here.app.id }, async () => {
        order.push(name);
        await until;
        order.push(`${name} ends`);
      });
    const first = take('first', firstEnds.gone);
    await expect.poll(() => order).toEqual(['first']);
    const second = take('second', Promise.resolve());
    await withUploadsInOrder(platform, { appId: 'another' }, async () => void order.push('another'));
    firstEnds.go();
    await Promise.all([first, second]);
    expect(order).toEqual(['first', 'another', 'first ends', 'second', 'second ends']);
  });
});

it('the holds of a person’s push, one per token that docker asked for, end soon after its tag; others stay', async () => {
  const { platform } = here.world;
  const [pushed, other] = [`pushed/${randomUUID()}`, `pushed/${randomUUID()}`];
  for (const repository of [pushed, pushed, pushed, other])
    expect(await holdForPerson(platform, { repository, ms: 300_000, waitMs: 1_000 })).toBeDefined();
  await endHoldsSoon(platform, { repository: pushed });
  const longer = { expiresAt: { gt: new Date(Date.now() + 60_000) }, repository: { in: [pushed, other] } };
  expect(await platform.db.registryPush.findMany({ where: longer, select: { repository: true } })).toEqual([
    { repository: other },
  ]);
  await platform.db.registryPush.deleteMany({ where: { repository: { in: [pushed, other] } } });
});
