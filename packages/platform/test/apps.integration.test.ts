import { describe, expect, it } from 'vitest';
import { createApp } from '../src/apps/create-app.js';
import { destroyApp } from '../src/apps/destroy-app.js';
import { finishDestroy } from '../src/apps/finish-destroy.js';
import { getApp } from '../src/apps/get-app.js';
import { startDestroy } from '../src/apps/start-destroy.js';
import { isBuildWanted } from '../src/builds/is-build-wanted.js';
import { listEvents } from '../src/events/list-events.js';
import { deploy, push, worldWithApp } from './open-world.js';

describe('an app', () => {
  const here = worldWithApp();

  it('frees the name of a destroyed app at once, cancels what runs, and leaves no row', async () => {
    const { platform } = here.world;
    await deploy(here.world, here.app.id, 'one');
    const { buildId } = await push(platform, here.world.owner, here.app.id, 'two');
    await destroyApp(platform, here.who);
    await expect(getApp(platform, here.who)).rejects.toMatchObject({ code: 'not_found' });
    const heir = await createApp(platform, { actor: here.world.owner, name: here.app.name });
    expect(heir.name).toBe(here.app.name);
    const started = await startDestroy(platform, { appId: here.app.id });
    expect(await isBuildWanted(platform, { buildId: buildId ?? '' })).toBe(false);
    const lease = await here.world.lease();
    await finishDestroy(platform, { appId: here.app.id, lease });
    expect(await startDestroy(platform, { appId: here.app.id })).toBeUndefined();
    await finishDestroy(platform, { appId: here.app.id, lease });
    const { repositoryId } = started ?? { repositoryId: '' };
    expect(await platform.db.repository.count({ where: { id: repositoryId } })).toBe(0);
    expect(await platform.db.image.count({ where: { repositoryId } })).toBe(0);
    expect(await platform.db.release.count({ where: { appId: here.app.id } })).toBe(0);
  });

  it('writes one event per move, which a stream reads on after an id', async () => {
    const { platform } = here.world;
    await deploy(here.world, here.app.id, 'one');
    const events = await listEvents(platform, { ...here.who, afterId: '0' });
    expect(events.map(({ name }) => name)).toEqual([
      'app.created',
      'push.accepted',
      'build.pending',
      'build.running',
      'build.succeeded',
      'release.pending',
      'release.running',
      'rollout.running',
      'release.succeeded',
      'rollout.succeeded',
    ]);
    const rest = await listEvents(platform, { ...here.who, afterId: events[7]?.id });
    expect(rest.map(({ name }) => name)).toEqual(['release.succeeded', 'rollout.succeeded']);
  });

  it('refuses names that are taken, reserved or malformed', async () => {
    const create = (name: string) => createApp(here.world.platform, { actor: here.world.owner, name });
    await expect(create(here.app.name)).rejects.toMatchObject({ code: 'conflict' });
    for (const name of ['api', 'git', 'dashboard', 'registry', 'Ab', 'a--b', 'x'.repeat(31)])
      await expect(create(name)).rejects.toMatchObject({ code: 'invalid_params' });
  });
});
