import { readLines } from '@berth/logs/log-stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../src/apps/create-app.js';
import { getApp } from '../src/apps/get-app.js';
import { setConfigVars } from '../src/config-vars/set-config-vars.js';
import { scaleFormation } from '../src/formation/scale-formation.js';
import { listInstances } from '../src/instances/list-instances.js';
import { listWanted } from '../src/instances/list-wanted.js';
import { moveInstance } from '../src/instances/move-instance.js';
import { putInstance } from '../src/instances/put-instance.js';
import { restartInstances } from '../src/instances/restart-instances.js';
import { findCurrentRollout } from '../src/rollouts/find-current.js';
import { finishRetire } from '../src/rollouts/finish-retire.js';
import { finishRollout } from '../src/rollouts/finish-rollout.js';
import { restartApp } from '../src/rollouts/restart-app.js';
import { startRetire } from '../src/rollouts/start-retire.js';
import { startRollout } from '../src/rollouts/start-rollout.js';
import { build, deploy, openWorld, push, release, type World } from './open-world.js';

describe('an app that runs', () => {
  let world: World;
  let app: { id: string; name: string };
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    app = await createApp(world.platform, { actor: world.owner });
  });
  const who = () => ({ actor: world.owner, app: app.id });

  it('wants what the current rollout has, with its config, as scaled', async () => {
    await setConfigVars(world.platform, { ...who(), changes: { SECRET: 'boat' } });
    await deploy(world, app.id, 'one', ['web', 'clock']);
    const changes = [
      { processType: 'web', quantity: 3, size: 'Standard-2X' },
      { processType: 'clock', quantity: 1 },
    ];
    await scaleFormation(world.platform, { ...who(), changes });
    const wanted = (await listWanted(world.platform)).find((each) => each.app.id === app.id);
    expect(wanted).toMatchObject({
      app: { name: app.name, environmentKind: 'stable' },
      release: { version: 2 },
      image: { digest: 'sha256:image-one', healthcheck: { path: '/', strict: false } },
      config: { SECRET: 'boat' },
      formation: [
        { processType: 'web', quantity: 3, size: 'standard-2x', command: 'run web', singleton: false },
        { processType: 'clock', quantity: 1, singleton: true },
      ],
    });
    const sealed = await world.platform.db.release.findMany({ where: { appId: app.id } });
    expect(JSON.stringify(sealed)).not.toContain('boat');
    const scale = (change: object) =>
      scaleFormation(world.platform, { ...who(), changes: [{ processType: 'web', ...change }] });
    await expect(scale({ processType: 'clock', quantity: 2 })).rejects.toMatchObject({ code: 'invalid_params' });
    await expect(scale({ processType: 'worker', quantity: 1 })).rejects.toMatchObject({ code: 'not_found' });
    await expect(scale({ quantity: 'many' })).rejects.toMatchObject({ code: 'invalid_params' });
    expect(await scale({ quantity: '-1' })).toMatchObject([{ quantity: 2 }, {}]);
    expect(await scale({ quantity: 0 })).toMatchObject([{ quantity: 0 }, {}]);
    await scale({ processType: 'clock', quantity: 0 });
    expect((await getApp(world.platform, who())).state).toBe('scaled_to_zero');
  });

  it('derives the state of an app from its rows', async () => {
    const { platform } = world;
    const state = async () => (await getApp(platform, who())).state;
    expect(await state()).toBe('empty');
    const pushed = await push(platform, world.owner, app.id, 'one');
    expect(await state()).toBe('deploying');
    const built = await build(world, pushed.buildId ?? '', 'one');
    await release(world, built?.releaseId ?? '');
    const rollout = await findCurrentRollout(platform.db, app.id);
    const place = { rolloutId: rollout?.id ?? '', appId: app.id, processType: 'web', index: 1 };
    const seen = { ...place, containerId: 'c1', address: '10.0.0.2', port: 8080 };
    const { id } = await putInstance(platform, { ...seen, state: 'starting' });
    expect(await moveInstance(platform, { instanceId: id, to: 'up' })).toBe(true);
    expect(await moveInstance(platform, { instanceId: id, to: 'up' })).toBe(false);
    expect(await state()).toBe('up');
    await moveInstance(platform, { instanceId: id, to: 'crashed', exitCode: 1, message: 'Exited with 1.' });
    expect(await state()).toBe('crashed');
    expect(await listInstances(platform, who())).toMatchObject([
      { name: 'web.1', state: 'crashed', command: 'run web', releaseVersion: 1, message: 'Exited with 1.' },
    ]);
    expect((await putInstance(platform, { ...seen, state: 'starting' })).id).toBe(id);
    const other = await putInstance(platform, { ...seen, containerId: 'c2', state: 'starting' });
    expect(other.id).not.toBe(id);
    expect(await restartInstances(platform, { ...who(), processType: 'web', index: 1 })).toBe(1);
    const none = restartInstances(platform, { ...who(), processType: 'web', index: 9 });
    await expect(none).rejects.toMatchObject({ code: 'not_found' });
    await expect
      .poll(async () => {
        const lines = await readLines(platform.redis, platform.instance, app.id, { count: 50 });
        return lines.map(({ process, text }) => `${process}: ${text}`);
      })
      .toContain('web.1: State changed from up to crashed: Exited with 1.');
  });

  it('restarts by a rollout of the same release and retires the one before, never the one that serves', async () => {
    const { platform } = world;
    await deploy(world, app.id, 'one');
    const before = (await findCurrentRollout(platform.db, app.id))?.id ?? '';
    const { rolloutId } = await restartApp(platform, who());
    const lease = await world.lease('restart');
    expect(await startRollout(platform, { rolloutId, lease })).toMatchObject({ rolloutId, release: { version: 1 } });
    expect(await startRetire(platform, { rolloutId: before })).toBeUndefined();
    expect(await finishRollout(platform, { rolloutId, lease })).toBe(true);
    expect(await startRetire(platform, { rolloutId })).toBeUndefined();
    expect(await startRetire(platform, { rolloutId: before })).toMatchObject({ appId: app.id, instances: [] });
    expect(await finishRetire(platform, { rolloutId: before })).toBe(true);
    expect(await startRetire(platform, { rolloutId: before })).toBeUndefined();
    const jobs = await platform.db.outbox.findMany({ where: { name: 'instances.retire' } });
    expect(jobs.map(({ payload }) => payload)).toContainEqual({ appId: app.id, rolloutId: before });
    const late = await restartApp(platform, who());
    await deploy(world, app.id, 'two');
    expect(await startRollout(platform, { rolloutId: late.rolloutId, lease })).toBeUndefined();
  });
});
