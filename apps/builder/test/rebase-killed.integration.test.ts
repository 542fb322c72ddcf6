import { Secret } from '@berth/domain/secret';
import { startRebase } from '@berth/platform/rebases/start-rebase';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, startProcess } from '../../releaser/test/processes.js';
import { openWorld, type World } from './open-world.js';
import { craftImage, imageOf, pushNewerStack, rebaseEnded, seedApps, startReleasing } from './rebase-world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld({}, { withWorker: false });
});
afterAll(() => world?.close());

/** The builder as a process of its own; a rebase needs no engine. */
async function startBuilder() {
  const env = Object.fromEntries(
    Object.entries(world.config).map(([name, value]) => [
      name,
      value instanceof Secret ? value.reveal() : String(value),
    ]),
  );
  return startProcess('builder', {
    ...env,
    NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS ?? '',
    ENGINE_SOCKET: '/nonexistent/engine.sock',
    BERTH_LEASE_TTL_MS: '5000',
    HEALTH_PORT: String(await freePort()),
  });
}

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
    const first = await startBuilder();
    const wish = { stack: `berth-13:${stack.version}`, apps: apps.map(({ name }) => name) };
    const { id } = await startRebase(world.platform, { actor: world.owner, wish, dryRun: false, waveSize: 5 });
    while (!(await db.rebaseApp.findFirst({ where: reached(id) })))
      await new Promise((resolve) => setTimeout(resolve, 5));
    await first.kill();
    const second = await startBuilder();
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
