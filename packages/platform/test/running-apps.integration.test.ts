import { readLines } from '@berth/logs/log-stream';
import { describe, expect, it } from 'vitest';
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
import { build, deploy, push, release, worldWithApp } from './open-world.js';

describe('an app that runs', () => {
  const here = worldWithApp();

  it('wants what the current rollout has, with its config, as scaled', async () => {
    await setConfigVars(here.world.platform, { ...here.who, changes: { SECRET: 'boat' } });
    await deploy(here.world, here.app.id, 'one', ['web', 'clock']);
    const changes = [
      { processType: 'web', quantity: 3, size: 'Standard-2X' },
      { processType: 'clock', quantity: 1 },
    ];
    await scaleFormation(here.world.platform, { ...here.who, changes });
    const wanted = (await listWanted(here.world.platform)).apps.find((each) => each.app.id === here.app.id);
    expect(wanted).toMatchObject({
      app: { name: here.app.name, environmentKind: 'stable' },
      release: { version: 2 },
      image: { digest: 'sha256:image-one', healthcheck: { path: '/', strict: false } },
      config: { SECRET: 'boat' },
      formation: [
        { processType: 'web', quantity: 3, size: 'standard-2x', command: 'run web', singleton: false },
        { processType: 'clock', quantity: 1, singleton: true },
      ],
    });
    const sealed = await here.world.platform.db.release.findMany({ where: { appId: here.app.id } });
    expect(JSON.stringify(sealed)).not.toContain('boat');
    const scale = (change: object) =>
      scaleFormation(here.world.platform, { ...here.who, changes: [{ processType: 'web', ...change }] });
    await expect(scale({ processType: 'clock', quantity: 2 })).rejects.toMatchObject({ code: 'invalid_params' });
    await expect(scale({ processType: 'worker', quantity: 1 })).rejects.toMatchObject({ code: 'not_found' });
    await expect(scale({ quantity: 'many' })).rejects.toMatchObject({ code: 'invalid_params' });
    expect(await scale({ quantity: '-1' })).toMatchObject([{ quantity: 2 }, {}]);
    expect(await scale({ quantity: 0 })).toMatchObject([{ quantity: 0 }, {}]);
    await scale({ processType: 'clock', quantity: 0 });
    expect((await getApp(here.world.platform, here.who)).state).toBe('scaled_to_zero');
  });

  it('is named as unreadable when its config was sealed by another key, and hides no other app', async () => {
    const { platform } = here.world;
    await deploy(here.world, here.app.id, 'one', ['web']);
    await platform.db.release.updateMany({ where: { appId: here.app.id }, data: { config: 'v1.x.y.z' } });
    const wanted = await listWanted(platform);
    expect(wanted.unreadable).toEqual([{ appId: here.app.id, error: expect.any(Error) }]);
    expect(wanted.apps.map(({ app }) => app.id)).not.toContain(here.app.id);
  });

  it('derives the state of an app from its rows', async () => {
    const { platform } = here.world;
    const state = async () => (await getApp(platform, here.who)).state;
    expect(await state()).toBe('empty');
    const pushed = await push(platform, here.world.owner, here.app.id, 'one');
    expect(await state()).toBe('deploying');
    const built = await build(here.world, pushed.buildId ?? '', 'one');
    await release(here.world, built?.releaseId ?? '');
    const rollout = await findCurrentRollout(platform.db, here.app.id);
    const place = { rolloutId: rollout?.id ?? '', appId: here.app.id, processType: 'web', index: 1 };
    const seen = { ...place, containerId: 'c1', address: '10.0.0.2', port: 8080 };
    const { id } = await putInstance(platform, { ...seen, state: 'starting' });
    expect(await moveInstance(platform, { instanceId: id, to: 'up' })).toBe(true);
    expect(await moveInstance(platform, { instanceId: id, to: 'up' })).toBe(false);
    expect(await state()).toBe('up');
    await moveInstance(platform, { instanceId: id, to: 'crashed', exitCode: 1, message: 'Exited with 1.' });
    expect(await state()).toBe('crashed');
    expect(await listInstances(platform, here.who)).toMatchObject([
      { name: 'web.1', state: 'crashed', command: 'run web', releaseVersion: 1, message: 'Exited with 1.' },
    ]);
    expect((await putInstance(platform, { ...seen, state: 'starting' })).id).toBe(id);
    const other = await putInstance(platform, { ...seen, containerId: 'c2', state: 'starting' });
    expect(other.id).not.toBe(id);
    expect(await restartInstances(platform, { ...here.who, processType: 'web', index: 1 })).toBe(1);
    const none = restartInstances(platform, { ...here.who, processType: 'web', index: 9 });
    await expect(none).rejects.toMatchObject({ code: 'not_found' });
    await expect
      .poll(async () => {
        const lines = await readLines(platform.redis, platform.instance, here.app.id, { count: 50 });
        return lines.map(({ process, text }) => `${process}: ${text}`);
      })
      .toContain('web.1: State changed from up to crashed: Exited with 1.');
  });

  it('restarts by a rollout of the same release and retires the one before, never the one that serves', async () => {
    const { platform } = here.world;
    await deploy(here.world, here.app.id, 'one');
    const before = (await findCurrentRollout(platform.db, here.app.id))?.id ?? '';
    const { rolloutId } = await restartApp(platform, here.who);
    const lease = await here.world.lease();
    expect(await startRollout(platform, { rolloutId, lease })).toMatchObject({ rolloutId, release: { version: 1 } });
    expect(await startRetire(platform, { rolloutId: before })).toBeUndefined();
    expect(await finishRollout(platform, { rolloutId, lease })).toBe(true);
    expect(await startRetire(platform, { rolloutId })).toBeUndefined();
    expect(await startRetire(platform, { rolloutId: before })).toMatchObject({ appId: here.app.id, instances: [] });
    expect(await finishRetire(platform, { rolloutId: before })).toBe(true);
    expect(await startRetire(platform, { rolloutId: before })).toBeUndefined();
    const jobs = await platform.db.outbox.findMany({ where: { name: 'instances.retire' } });
    expect(jobs.map(({ payload }) => payload)).toContainEqual({ appId: here.app.id, rolloutId: before });
    const late = await restartApp(platform, here.who);
    await deploy(here.world, here.app.id, 'two');
    expect(await startRollout(platform, { rolloutId: late.rolloutId, lease })).toBeUndefined();
  });
});
