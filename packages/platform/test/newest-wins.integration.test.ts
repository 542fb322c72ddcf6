import { NotYetError } from '@berth/jobs/not-yet';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../src/apps/create-app.js';
import { failBuild } from '../src/builds/fail-build.js';
import { startBuild } from '../src/builds/start-build.js';
import { getConfigVars } from '../src/config-vars/get-config-vars.js';
import { setConfigVars } from '../src/config-vars/set-config-vars.js';
import { listFormation } from '../src/formation/list-formation.js';
import { scaleFormation } from '../src/formation/scale-formation.js';
import { followPush, type PushProgressMessage } from '../src/pushes/follow-push.js';
import { listWantedRefs } from '../src/pushes/list-wanted-refs.js';
import { beginRollout } from '../src/releases/begin-rollout.js';
import { failRelease } from '../src/releases/fail-release.js';
import { finishRelease } from '../src/releases/finish-release.js';
import { getReleaseConfig } from '../src/releases/get-release-config.js';
import { listReleases } from '../src/releases/list-releases.js';
import { rollBack } from '../src/releases/roll-back.js';
import { startRelease } from '../src/releases/start-release.js';
import { build, deploy, openWorld, push, release, sha, type World } from './open-world.js';

describe('newest wins', () => {
  let world: World;
  let app: { id: string; name: string };
  beforeAll(async () => {
    world = await openWorld();
  }, 60_000);
  afterAll(() => world.close());
  beforeEach(async () => {
    app = await createApp(world.platform, { actor: world.owner });
  });

  const statuses = async () => {
    const rows = await listReleases(world.platform, { actor: world.owner, app: app.id });
    return Object.fromEntries(rows.map(({ version, status }) => [`v${version}`, status]));
  };
  const buildStatus = async (id: string | null) =>
    (await world.platform.db.build.findUniqueOrThrow({ where: { id: id ?? '' } })).status;
  const endOf = async (pushId: string) => {
    let last: PushProgressMessage | undefined;
    for await (const message of followPush(world.platform, { pushId, signal: AbortSignal.timeout(30_000) }))
      last = message;
    return last;
  };
  const set = (changes: Record<string, string | null>) =>
    setConfigVars(world.platform, { actor: world.owner, app: app.id, changes });

  it('takes a push live as v1, with web=1 and every other process type 0, and wants its ref', async () => {
    const { pushId, releaseId } = await deploy(world, app.id, 'one', ['web', 'worker', 'release']);
    expect(await statuses()).toEqual({ v1: 'succeeded' });
    expect(await listFormation(world.platform, { actor: world.owner, app: app.name })).toMatchObject([
      { processType: 'web', quantity: 1 },
      { processType: 'worker', quantity: 0 },
    ]);
    const row = await world.platform.db.app.findUniqueOrThrow({ where: { id: app.id } });
    expect(row).toMatchObject({ currentReleaseId: releaseId, deployBranch: 'main' });
    expect(await listWantedRefs(world.platform, { repositoryId: row.repositoryId })).toMatchObject([
      { pushId, appId: app.id, ref: 'refs/heads/main', newSha: sha('one') },
    ]);
    expect(await endOf(pushId)).toMatchObject({ type: 'end', isOk: true, version: 1 });
  });

  it('supersedes a waiting build by a newer push and tells its pusher who won', async () => {
    const one = await push(world.platform, world.owner, app.id, 'one');
    const two = await push(world.platform, world.owner, app.id, 'two');
    expect(await buildStatus(one.buildId)).toBe('superseded');
    expect(await endOf(one.pushId)).toEqual({
      type: 'end',
      isOk: false,
      message: `Superseded by the newer push of ${sha('two').slice(0, 8)}.`,
    });
    expect(await buildStatus(two.buildId)).toBe('pending');
  });

  it('lets a running build finish without a release when something newer was accepted, also when that one fails', async () => {
    const one = await push(world.platform, world.owner, app.id, 'one');
    const lease = await world.lease();
    await startBuild(world.platform, { buildId: one.buildId ?? '', lease });
    const two = await push(world.platform, world.owner, app.id, 'two');
    expect(await build(world, one.buildId ?? '', 'one')).toEqual({ releaseId: null });
    expect(await buildStatus(one.buildId)).toBe('superseded');
    const second = await world.lease();
    await startBuild(world.platform, { buildId: two.buildId ?? '', lease: second });
    await failBuild(world.platform, {
      buildId: two.buildId ?? '',
      lease: second,
      error: { code: 'build_failed', message: 'The build script ended with 1.' },
    });
    expect(await statuses()).toEqual({});
    expect(await endOf(two.pushId)).toMatchObject({ isOk: false, message: 'The build script ended with 1.' });
  });

  it('does not roll out a release when a newer push was accepted during its release phase', async () => {
    const one = await push(world.platform, world.owner, app.id, 'one');
    const built = await build(world, one.buildId ?? '', 'one');
    const lease = await world.lease();
    const releaseId = built?.releaseId ?? '';
    expect(await startRelease(world.platform, { releaseId, lease })).toMatchObject({ release: { version: 1 } });
    await push(world.platform, world.owner, app.id, 'two');
    expect(await beginRollout(world.platform, { releaseId, lease })).toBeUndefined();
    expect(await statuses()).toEqual({ v1: 'superseded' });
  });

  it('supersedes a build that runs by a rollback, which restores image and config but no quantities', async () => {
    await set({ COLOR: 'red' });
    await deploy(world, app.id, 'one');
    expect(await set({ COLOR: 'blue', EXTRA: '1' })).toMatchObject({ version: 3 });
    await release(world, (await listReleases(world.platform, { actor: world.owner, app: app.id }))[0]?.id ?? '');
    await scaleFormation(world.platform, {
      actor: world.owner,
      app: app.id,
      changes: [{ processType: 'web', quantity: '+2' }],
    });
    const slow = await push(world.platform, world.owner, app.id, 'slow');
    const back = await rollBack(world.platform, { actor: world.owner, app: app.id, version: 2 });
    expect(await build(world, slow.buildId ?? '', 'slow')).toBeUndefined();
    expect(await endOf(slow.pushId)).toMatchObject({ isOk: false, message: 'Superseded by v4: Rollback to v2.' });
    await release(world, back.id);
    expect(await statuses()).toEqual({ v1: 'succeeded', v2: 'succeeded', v3: 'succeeded', v4: 'succeeded' });
    expect(await getConfigVars(world.platform, { actor: world.owner, app: app.id })).toEqual({ COLOR: 'red' });
    expect(await listFormation(world.platform, { actor: world.owner, app: app.id })).toMatchObject([{ quantity: 3 }]);
    const builds = await world.platform.db.build.count({ where: { appId: app.id } });
    expect(builds).toBe(2);
  });

  it('rolls back only to releases that were live and have an image', async () => {
    const back = (version: number) => rollBack(world.platform, { actor: world.owner, app: app.id, version });
    await set({ A: '1' });
    await expect(back(1)).rejects.toMatchObject({ code: 'invalid_params' });
    await expect(back(7)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('makes a config change before the first push succeed at once, and its vars reach the first deploy', async () => {
    expect(await set({ A: '1' })).toEqual({ vars: { A: '1' }, version: 1 });
    expect(await statuses()).toEqual({ v1: 'succeeded' });
    expect(await set({ A: '1' })).toEqual({ vars: { A: '1' }, version: null });
    await deploy(world, app.id, 'one');
    const config = await getReleaseConfig(world.platform, { actor: world.owner, app: app.id, version: 'v2' });
    expect(config).toEqual({ A: '1' });
  });

  it('lets a config change during a deploy take the image over, and the pusher follow it', async () => {
    const one = await push(world.platform, world.owner, app.id, 'one');
    const built = await build(world, one.buildId ?? '', 'one');
    expect(await set({ LATE: 'yes' })).toMatchObject({ version: 2 });
    expect(await statuses()).toEqual({ v1: 'superseded', v2: 'pending' });
    expect(await release(world, built?.releaseId ?? '')).toBeUndefined();
    const taking = (await listReleases(world.platform, { actor: world.owner, app: app.id }))[0];
    expect(taking).toMatchObject({ version: 2, commit: sha('one'), pushId: one.pushId });
    const following = endOf(one.pushId);
    await release(world, taking?.id ?? '');
    expect(await following).toMatchObject({ isOk: true, version: 2 });
    const { refWanted } = await world.platform.db.push.findUniqueOrThrow({ where: { id: one.pushId } });
    expect(refWanted).toBe(true);
  });

  it('applies a config change to what serves while a build still runs', async () => {
    await deploy(world, app.id, 'one');
    const two = await push(world.platform, world.owner, app.id, 'two');
    await set({ NOW: '1' });
    const config = (await listReleases(world.platform, { actor: world.owner, app: app.id }))[0];
    expect(config).toMatchObject({ version: 2, commit: sha('one'), pushId: null });
    expect(await release(world, config?.id ?? '')).toBe(true);
    const built = await build(world, two.buildId ?? '', 'two');
    expect(await release(world, built?.releaseId ?? '')).toBe(true);
    expect(await getReleaseConfig(world.platform, { actor: world.owner, app: app.id, version: 'current' })).toEqual({
      NOW: '1',
    });
  });

  it('leaves vars as set and the old release current when a config release fails', async () => {
    const { releaseId } = await deploy(world, app.id, 'one');
    await set({ BAD: '1' });
    const bad = (await listReleases(world.platform, { actor: world.owner, app: app.id }))[0]?.id ?? '';
    const lease = await world.lease();
    await startRelease(world.platform, { releaseId: bad, lease });
    const begun = await beginRollout(world.platform, { releaseId: bad, lease });
    const error = { code: 'instance_crashed', message: 'web.1 crashed.' };
    expect(await failRelease(world.platform, { releaseId: bad, rolloutId: begun?.rolloutId, lease, error })).toBe(true);
    const row = await world.platform.db.app.findUniqueOrThrow({ where: { id: app.id } });
    expect(row.currentReleaseId).toBe(releaseId);
    expect(await getConfigVars(world.platform, { actor: world.owner, app: app.id })).toEqual({ BAD: '1' });
    const retiring = await world.platform.db.outbox.findMany({ where: { name: 'instances.retire' } });
    expect(retiring.map(({ payload }) => payload)).toContainEqual({ appId: app.id, rolloutId: begun?.rolloutId });
  });

  it('lets one release of an app run at a time, and the other one come later', async () => {
    await deploy(world, app.id, 'one');
    await set({ A: '1' });
    const first = (await listReleases(world.platform, { actor: world.owner, app: app.id }))[0]?.id ?? '';
    const lease = await world.lease();
    await startRelease(world.platform, { releaseId: first, lease });
    const begun = await beginRollout(world.platform, { releaseId: first, lease });
    await set({ A: '2' });
    const second = (await listReleases(world.platform, { actor: world.owner, app: app.id }))[0]?.id ?? '';
    await expect(release(world, second)).rejects.toBeInstanceOf(NotYetError);
    const again = await beginRollout(world.platform, { releaseId: first, lease });
    expect(again?.rolloutId).toBe(begun?.rolloutId);
    expect(await finishRelease(world.platform, { releaseId: first, rolloutId: begun?.rolloutId ?? '', lease })).toBe(
      true,
    );
    expect(await release(world, second)).toBe(true);
  });

  it('writes nothing for a worker that has lost its lease', async () => {
    const one = await push(world.platform, world.owner, app.id, 'one');
    const lease = await world.lease();
    const stale = { ...lease, fence: lease.fence - 1 };
    await expect(startBuild(world.platform, { buildId: one.buildId ?? '', lease: stale })).rejects.toThrow('was lost');
    expect(await buildStatus(one.buildId)).toBe('pending');
  });
});
