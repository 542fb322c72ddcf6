import { setTimeout as sleep } from 'node:timers/promises';
import { TransientError, UserError } from '@berth/domain/errors';
import { describe, expect, it } from 'vitest';
import { cancelBuild } from '../src/builds/cancel-build.js';
import { finishBuild } from '../src/builds/finish-build.js';
import { getBuild } from '../src/builds/get-build.js';
import { isBuildWanted } from '../src/builds/is-build-wanted.js';
import { startBuild } from '../src/builds/start-build.js';
import { followPush } from '../src/pushes/follow-push.js';
import { withStep } from '../src/steps/with-step.js';
import { image, push, worldWithApp } from './open-world.js';

describe('a build', () => {
  const here = worldWithApp();

  it('cancels a build at once, also in the eyes of its worker, which then finishes nothing', async () => {
    const { platform } = here.world;
    const { pushId, buildId: id } = await push(platform, here.world.owner, here.app.id, 'one');
    const buildId = id ?? '';
    const lease = await here.world.lease();
    await startBuild(platform, { buildId, lease });
    const running = withStep(platform, { buildId }, 'install', async () => {
      while (await isBuildWanted(platform, { buildId })) await platform.wake.wait([`build:${buildId}`], 10_000);
    });
    await sleep(50);
    await cancelBuild(platform, { ...here.who, build: buildId });
    await running;
    expect(await isBuildWanted(platform, { buildId })).toBe(false);
    expect(await finishBuild(platform, { buildId, lease, image: image('one') })).toBeUndefined();
    expect(await getBuild(platform, { ...here.who, build: buildId })).toMatchObject({
      status: 'cancelled',
      steps: [{ name: 'install', errorMessage: 'The build was cancelled by a user.' }],
    });
    await expect(cancelBuild(platform, { ...here.who, build: buildId })).rejects.toMatchObject({ code: 'conflict' });
    const end = await followPush(platform, { pushId, signal: AbortSignal.timeout(30_000) }).next();
    expect(end.value).toMatchObject({ isOk: false, message: 'The build was cancelled.' });
  });

  it('takes a running build up again after its worker was killed, and ends the step that was open', async () => {
    const { platform } = here.world;
    const { buildId: id } = await push(platform, here.world.owner, here.app.id, 'one');
    const buildId = id ?? '';
    await startBuild(platform, { buildId, lease: await here.world.lease() });
    await platform.db.step.create({ data: { buildId, name: 'install' } });
    const lease = await here.world.lease();
    expect(await startBuild(platform, { buildId, lease })).toMatchObject({ build: { id: buildId } });
    await finishBuild(platform, { buildId, lease, image: image('one') });
    const again = await finishBuild(platform, { buildId, lease, image: image('one') });
    expect(again?.releaseId).toBeTruthy();
    expect((await getBuild(platform, { ...here.who, build: buildId })).steps).toMatchObject([
      { errorMessage: 'Interrupted; it was started again.', endedAt: expect.any(Date) },
    ]);
  });

  it('records what a step threw as its public sentence, and throws it on', async () => {
    const { platform } = here.world;
    const { buildId: id } = await push(platform, here.world.owner, here.app.id, 'one');
    const buildId = id ?? '';
    const fails = (error: Error) => withStep(platform, { buildId }, 'step', () => Promise.reject(error));
    await expect(fails(new UserError('build_failed', 'npm ci ended with 1.'))).rejects.toThrow('npm ci ended with 1.');
    await expect(fails(new TransientError('secret host db-7'))).rejects.toThrow('secret host');
    expect(await withStep(platform, { buildId }, 'step', async () => 7)).toBe(7);
    const { steps } = await getBuild(platform, { ...here.who, build: buildId });
    expect(steps.map(({ errorMessage }) => errorMessage)).toEqual([
      'npm ci ended with 1.',
      expect.stringMatching(/^Something went wrong on our side \(err_/),
      null,
    ]);
  });
});
