import { setTimeout as sleep } from 'node:timers/promises';
import { TransientError, UserError } from '@berth/domain/errors';
import { readLines } from '@berth/logs/log-stream';
import { appendOutput, endOutput } from '@berth/logs/output';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../src/apps/create-app.js';
import { destroyApp } from '../src/apps/destroy-app.js';
import { finishDestroy } from '../src/apps/finish-destroy.js';
import { getApp } from '../src/apps/get-app.js';
import { setDeployBranch } from '../src/apps/set-deploy-branch.js';
import { startDestroy } from '../src/apps/start-destroy.js';
import { cancelBuild } from '../src/builds/cancel-build.js';
import { finishBuild } from '../src/builds/finish-build.js';
import { getBuild } from '../src/builds/get-build.js';
import { getOutput } from '../src/builds/get-output.js';
import { isBuildWanted } from '../src/builds/is-build-wanted.js';
import { startBuild } from '../src/builds/start-build.js';
import { storeOutput } from '../src/builds/store-output.js';
import { setConfigVars } from '../src/config-vars/set-config-vars.js';
import { listEvents } from '../src/events/list-events.js';
import { scaleFormation } from '../src/formation/scale-formation.js';
import { listInstances } from '../src/instances/list-instances.js';
import { listWanted } from '../src/instances/list-wanted.js';
import { moveInstance } from '../src/instances/move-instance.js';
import { putInstance } from '../src/instances/put-instance.js';
import { restartInstances } from '../src/instances/restart-instances.js';
import { acceptPush } from '../src/pushes/accept-push.js';
import { classifyPush } from '../src/pushes/classify-push.js';
import { followPush, type PushProgressMessage } from '../src/pushes/follow-push.js';
import { listWantedRefs } from '../src/pushes/list-wanted-refs.js';
import { markRefApplied } from '../src/pushes/mark-ref-applied.js';
import { findCurrentRollout } from '../src/rollouts/find-current.js';
import { finishRetire } from '../src/rollouts/finish-retire.js';
import { finishRollout } from '../src/rollouts/finish-rollout.js';
import { restartApp } from '../src/rollouts/restart-app.js';
import { startRetire } from '../src/rollouts/start-retire.js';
import { startRollout } from '../src/rollouts/start-rollout.js';
import { withStep } from '../src/steps/with-step.js';
import { build, deploy, image, openWorld, push, release, sha, type World } from './open-world.js';

describe('the line', () => {
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
  const zeros = '0'.repeat(40);

  it('shows the pusher the output as it comes, and then one sentence', async () => {
    const { platform } = world;
    const { pushId, buildId } = await push(platform, world.owner, app.id, 'one');
    const of = { noun: 'build', id: buildId ?? '' } as const;
    const seen: PushProgressMessage[] = [];
    const following = (async () => {
      for await (const message of followPush(platform, { pushId, signal: AbortSignal.timeout(10_000) }))
        seen.push(message);
    })();
    const lease = await world.lease('follow');
    await startBuild(platform, { buildId: of.id, lease });
    await appendOutput(platform.redis, platform.instance, of, '-----> Node.js app detected\n');
    await expect.poll(() => seen.length, { timeout: 300 }).toBe(1);
    await appendOutput(platform.redis, platform.instance, of, '-----> Done\n');
    await endOutput(platform.redis, platform.instance, of);
    const built = await finishBuild(platform, { buildId: of.id, lease, image: image('one') });
    await release(world, built?.releaseId ?? '');
    const endedAt = Date.now();
    await following;
    expect(Date.now() - endedAt).toBeLessThan(300);
    expect(seen).toEqual([
      { type: 'output', text: '-----> Node.js app detected\n' },
      { type: 'output', text: '-----> Done\n' },
      {
        type: 'end',
        isOk: true,
        message: `Released v1, live at http://${app.name}.localhost:8080/`,
        version: 1,
        webUrl: `http://${app.name}.localhost:8080/`,
      },
    ]);
  });

  it('shows the kept output to who follows a build that is over and whose stream is gone', async () => {
    const { pushId, buildId } = await deploy(world, app.id, 'one');
    await storeOutput(world.platform, { buildId: buildId ?? '', text: 'kept\0\n' });
    const seen: PushProgressMessage[] = [];
    for await (const message of followPush(world.platform, { pushId, signal: AbortSignal.timeout(5_000) }))
      seen.push(message);
    expect(seen).toMatchObject([
      { type: 'output', text: 'kept\n' },
      { type: 'end', isOk: true },
    ]);
    expect(await getOutput(world.platform, { ...who(), buildId: buildId ?? '' })).toBe('kept\n');
  });

  it('cancels a build at once, also in the eyes of its worker, which then finishes nothing', async () => {
    const { platform } = world;
    const { pushId, buildId: id } = await push(platform, world.owner, app.id, 'one');
    const buildId = id ?? '';
    const lease = await world.lease('cancel');
    await startBuild(platform, { buildId, lease });
    const running = withStep(platform, { buildId }, 'install', async () => {
      while (await isBuildWanted(platform, { buildId })) await platform.wake.wait([`build:${buildId}`], 10_000);
    });
    await sleep(50);
    await cancelBuild(platform, { ...who(), build: buildId });
    await running;
    expect(await isBuildWanted(platform, { buildId })).toBe(false);
    expect(await finishBuild(platform, { buildId, lease, image: image('one') })).toBeUndefined();
    expect(await getBuild(platform, { ...who(), build: buildId })).toMatchObject({
      status: 'cancelled',
      steps: [{ name: 'install', errorMessage: 'The build was cancelled by a user.' }],
    });
    await expect(cancelBuild(platform, { ...who(), build: buildId })).rejects.toMatchObject({ code: 'conflict' });
    const end = await followPush(platform, { pushId, signal: AbortSignal.timeout(5_000) }).next();
    expect(end.value).toMatchObject({ isOk: false, message: 'The build was cancelled.' });
  });

  it('takes a running build up again after its worker was killed, and ends the step that was open', async () => {
    const { platform } = world;
    const { buildId: id } = await push(platform, world.owner, app.id, 'one');
    const buildId = id ?? '';
    await startBuild(platform, { buildId, lease: await world.lease('killed') });
    await platform.db.step.create({ data: { buildId, name: 'install' } });
    const lease = await world.lease('next');
    expect(await startBuild(platform, { buildId, lease })).toMatchObject({ build: { id: buildId } });
    await finishBuild(platform, { buildId, lease, image: image('one') });
    const again = await finishBuild(platform, { buildId, lease, image: image('one') });
    expect(again?.releaseId).toBeTruthy();
    expect((await getBuild(platform, { ...who(), build: buildId })).steps).toMatchObject([
      { errorMessage: 'Interrupted; it was started again.', endedAt: expect.any(Date) },
    ]);
  });

  it('records what a step threw as its public sentence, and throws it on', async () => {
    const { platform } = world;
    const { buildId: id } = await push(platform, world.owner, app.id, 'one');
    const buildId = id ?? '';
    const fails = (error: Error) => withStep(platform, { buildId }, 'step', () => Promise.reject(error));
    await expect(fails(new UserError('build_failed', 'npm ci ended with 1.'))).rejects.toThrow('npm ci ended with 1.');
    await expect(fails(new TransientError('secret host db-7'))).rejects.toThrow('secret host');
    expect(await withStep(platform, { buildId }, 'step', async () => 7)).toBe(7);
    const { steps } = await getBuild(platform, { ...who(), build: buildId });
    expect(steps.map(({ errorMessage }) => errorMessage)).toEqual([
      'npm ci ended with 1.',
      expect.stringMatching(/^Something went wrong on our side \(err_/),
      null,
    ]);
  });

  it('stores other refs without a build, and wants them applied in the order of their pushes', async () => {
    const { platform } = world;
    const accept = (ref: string, newSha: string) =>
      acceptPush(platform, { actor: world.owner, appId: app.id, ref, oldSha: zeros, newSha, source: null });
    const side = await accept('refs/heads/side', sha('one'));
    const tag = await accept('refs/tags/v1', sha('one'));
    const gone = await accept('refs/heads/side', zeros);
    expect(side.buildId).toBeNull();
    const { repositoryId } = await platform.db.app.findUniqueOrThrow({ where: { id: app.id } });
    const wanted = async () => (await listWantedRefs(platform, { repositoryId })).map(({ pushId }) => pushId);
    expect(await wanted()).toEqual([side.pushId, tag.pushId, gone.pushId]);
    await markRefApplied(platform, { pushId: side.pushId });
    expect(await wanted()).toEqual([tag.pushId, gone.pushId]);
    await expect(accept('refs/heads/main', sha('one'))).rejects.toMatchObject({ code: 'conflict' });
  });

  it('builds only the deploy branch and refuses to delete it', async () => {
    const classify = (branch: string, newSha = sha('one')) =>
      classifyPush(world.platform, { actor: world.owner, appId: app.id, ref: `refs/heads/${branch}`, newSha });
    expect(await classify('master')).toEqual({ kind: 'build' });
    expect(await classify('trunk')).toEqual({ kind: 'store' });
    await setDeployBranch(world.platform, { ...who(), branch: 'trunk' });
    expect(await classify('trunk')).toEqual({ kind: 'build' });
    expect(await classify('main')).toEqual({ kind: 'store' });
    expect(await classify('main', zeros)).toEqual({ kind: 'store' });
    expect(await classify('trunk', zeros)).toMatchObject({ kind: 'reject' });
  });

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

  it('frees the name of a destroyed app at once, cancels what runs, and leaves no row', async () => {
    const { platform } = world;
    await deploy(world, app.id, 'one');
    const { buildId } = await push(platform, world.owner, app.id, 'two');
    await destroyApp(platform, who());
    await expect(getApp(platform, who())).rejects.toMatchObject({ code: 'not_found' });
    const heir = await createApp(platform, { actor: world.owner, name: app.name });
    expect(heir.name).toBe(app.name);
    const started = await startDestroy(platform, { appId: app.id });
    expect(await isBuildWanted(platform, { buildId: buildId ?? '' })).toBe(false);
    const lease = await world.lease('destroy');
    await finishDestroy(platform, { appId: app.id, lease });
    expect(await startDestroy(platform, { appId: app.id })).toBeUndefined();
    await finishDestroy(platform, { appId: app.id, lease });
    const { repositoryId } = started ?? { repositoryId: '' };
    expect(await platform.db.repository.count({ where: { id: repositoryId } })).toBe(0);
    expect(await platform.db.image.count({ where: { repositoryId } })).toBe(0);
    expect(await platform.db.release.count({ where: { appId: app.id } })).toBe(0);
  });

  it('writes one event per move, which a stream reads on after an id', async () => {
    const { platform } = world;
    await deploy(world, app.id, 'one');
    const events = await listEvents(platform, { ...who(), afterId: '0' });
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
    const rest = await listEvents(platform, { ...who(), afterId: events[7]?.id });
    expect(rest.map(({ name }) => name)).toEqual(['release.succeeded', 'rollout.succeeded']);
  });

  it('refuses names that are taken, reserved or malformed', async () => {
    const create = (name: string) => createApp(world.platform, { actor: world.owner, name });
    await expect(create(app.name)).rejects.toMatchObject({ code: 'conflict' });
    for (const name of ['api', 'git', 'dashboard', 'registry', 'Ab', 'a--b', 'x'.repeat(31)])
      await expect(create(name)).rejects.toMatchObject({ code: 'invalid_params' });
  });
});
