import { randomUUID } from 'node:crypto';
import { readOutput } from '@berth/logs/output';
import { createApp } from '@berth/platform/apps/create-app';
import { createTeam } from '@berth/platform/teams/create-team';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archiveOf, ended, newApp, openWorld, push, type World } from './open-world.js';

const MiB = 1024 * 1024;
let world: World;
let freeBytes = 64 * 1024 * MiB;
beforeAll(async () => {
  world = await openWorld({ BERTH_BUILD_HEADROOM: '512' }, { freeMemory: async () => freeBytes });
});
afterAll(() => world?.close());

/** Pushes an app whose build script runs until it is told to end by a file that never comes, or for `seconds`. */
async function pushSlow(app: { id: string; repositoryId: string }, seconds: number) {
  const program = `setTimeout(() => {}, ${seconds * 1_000})`;
  return push(world, app, await archiveOf('node-build-fails', { 'build.js': program }));
}
const statusOf = async (id: string) => (await world.platform.db.build.findUniqueOrThrow({ where: { id } })).status;
const outputOf = async (id: string) =>
  (await readOutput(world.platform.redis, world.platform.instance, { noun: 'build', id })).text;

describe('admission of builds', { timeout: 300_000 }, () => {
  it('lets one wait, and says why, while memory for two is not free; the peak of a build is kept', async () => {
    freeBytes = 1_500 * MiB; // two unknown ones want 768 MiB each, and 512 stay free
    const first = await pushSlow(await newApp(world), 15);
    await expect.poll(() => statusOf(first)).toBe('running');
    const second = await pushSlow(await newApp(world), 0);
    await expect.poll(() => outputOf(second)).toContain('Waiting: it is expected to take 768 MiB');
    expect(await statusOf(second)).toBe('pending');
    const [one, two] = [await ended(world, first), await ended(world, second)];
    expect([one.status, two.status]).toEqual(['succeeded', 'succeeded']);
    expect(two.startedAt!.getTime()).toBeGreaterThanOrEqual(one.endedAt!.getTime());
    await expect
      .poll(async () => (await world.platform.db.build.findUniqueOrThrow({ where: { id: first } })).peakMemoryBytes)
      .toBeGreaterThan(1n);
  });

  it('gives a team no second build while another team waits for its first', async () => {
    freeBytes = 64 * 1024 * MiB;
    const team = `quiet-${randomUUID().slice(0, 8)}`;
    await createTeam(world.platform, { actor: world.owner, name: team });
    const busy = await Promise.all([newApp(world), newApp(world), newApp(world)]);
    // One ends while the other still runs: then it is the quiet team's turn.
    const a = await pushSlow(busy[0]!, 30);
    const b = await pushSlow(busy[1]!, 8);
    const c = await pushSlow(busy[2]!, 0);
    const quiet = await pushSlow(await createApp(world.platform, { actor: world.owner, team }), 0);
    const startedAt = async (id: string) => (await ended(world, id)).startedAt!.getTime();
    expect(await startedAt(quiet)).toBeLessThan(await startedAt(c));
    expect((await ended(world, a)).endedAt!.getTime()).toBeGreaterThan(await startedAt(quiet));
    expect((await ended(world, b)).status).toBe('succeeded');
  });
});
