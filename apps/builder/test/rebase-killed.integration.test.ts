import { startRebase } from '@berth/platform/rebases/start-rebase';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, type World } from './open-world.js';
import { craftImage, imageOf, pushNewerStack, rebaseEnded, seedApps, startReleasing } from './rebase-world.js';
import { startBuilder } from './start-builder.js';

let world: World;
beforeAll(async () => {
  world = await openWorld({}, { withWorker: false });
});
afterAll(() => world?.close());

const count = 8;

describe('a builder that is killed with SIGKILL in a rebase', { timeout: 180_000 }, () => {
  it.each([
    ['after the plan', (id: string) => ({ rebaseId: id })],
    ['between two images', (id: string) => ({ rebaseId: id, toImageId: { not: null } })],
    ['within a wave', (id: string) => ({ rebaseId: id, status: 'releasing' as const })],
  ])('%s loses nothing and does nothing twice', async (_, reached) => {
    const { db } = world.platform;
    const stack = await pushNewerStack(world);
    const seeds = await craftImage(world, '24.21.0');
    const apps = await seedApps(world, count, seeds);
    const first = await startBuilder(world, { leaseTtlMs: 5_000 });
    const wish = { stack: `berth-13:${stack.version}`, apps: apps.map(({ name }) => name) };
    const { id } = await startRebase(world.platform, { actor: world.owner, wish, dryRun: false, waveSize: 5 });
    while (!(await db.rebaseApp.findFirst({ where: reached(id) })))
      await new Promise((resolve) => setTimeout(resolve, 5));
    await first.kill();
    const second = await startBuilder(world, { leaseTtlMs: 5_000 });
    const releasing = startReleasing(world);
    try {
      const done = await rebaseEnded(world, id, 150_000);
      expect(done, done.error?.message).toMatchObject({ status: 'succeeded', counts: { succeeded: count } });
    } finally {
      await releasing.stop();
      await second.stop();
    }
    for (const { id: appId } of apps) {
      const releases = await db.release.findMany({ where: { appId, reason: 'rebase' }, include: { image: true } });
      expect(releases).toHaveLength(1);
      const image = await imageOf(world, releases[0]!.image!);
      expect(image.config.labels['berth.stack']).toBe(`berth-13@${stack.digest}`);
    }
  });
});
