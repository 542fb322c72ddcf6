import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createApp } from '@berth/platform/apps/create-app';
import { createTeam } from '@berth/platform/teams/create-team';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archiveOf, ended, examples, newApp, openWorld, push, type World } from './open-world.js';

/** What a Dockerfile does is its own affair: its commands write times and fetch what is newest. */
const isOurs = (name: string) => !name.startsWith('dockerfile');

const names = readdirSync(examples).filter((name) => {
  const file = join(examples, name, 'expect.json');
  return isOurs(name) && existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).push === 'ok';
});

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await createTeam(world.platform, { actor: world.owner, name: 'others' });
});
afterAll(() => world?.close());

describe('the same source gives the same image', { timeout: 600_000 }, () => {
  // The second one by another team: nothing that the first build made is kept for it, neither layers nor caches.
  it.each(names)('%s', async (name) => {
    const archive = await archiveOf(name);
    const apps = [await newApp(world), await createApp(world.platform, { actor: world.owner, team: 'others' })];
    const builds: Awaited<ReturnType<typeof ended>>[] = [];
    for (const app of apps) builds.push(await ended(world, await push(world, app, archive), 300_000));
    for (const build of builds) expect(build.status, build.output?.text).toBe('succeeded');
    expect(builds[1]?.image?.digest).toBe(builds[0]?.image?.digest);
  });
});
