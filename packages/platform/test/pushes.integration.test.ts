import { appendOutput, endOutput } from '@berth/logs/output';
import { describe, expect, it } from 'vitest';
import { setDeployBranch } from '../src/apps/set-deploy-branch.js';
import { finishBuild } from '../src/builds/finish-build.js';
import { getOutput } from '../src/builds/get-output.js';
import { startBuild } from '../src/builds/start-build.js';
import { storeOutput } from '../src/builds/store-output.js';
import { acceptPush } from '../src/pushes/accept-push.js';
import { classifyPush } from '../src/pushes/classify-push.js';
import { followPush, type PushProgressMessage } from '../src/pushes/follow-push.js';
import { listWantedRefs } from '../src/pushes/list-wanted-refs.js';
import { markRefApplied } from '../src/pushes/mark-ref-applied.js';
import { deploy, image, push, release, sha, worldWithApp } from './open-world.js';

describe('a push', () => {
  const here = worldWithApp();
  const zeros = '0'.repeat(40);

  it('shows the pusher the output as it comes, and then one sentence', async () => {
    const { platform } = here.world;
    const { pushId, buildId } = await push(platform, here.world.owner, here.app.id, 'one');
    const of = { noun: 'build', id: buildId ?? '' } as const;
    const seen: PushProgressMessage[] = [];
    const following = (async () => {
      for await (const message of followPush(platform, { pushId, signal: AbortSignal.timeout(60_000) }))
        seen.push(message);
    })();
    const lease = await here.world.lease();
    await startBuild(platform, { buildId: of.id, lease });
    await appendOutput(platform.redis, platform.instance, of, '-----> Node.js app detected\n');
    await expect.poll(() => seen.length).toBe(1);
    await appendOutput(platform.redis, platform.instance, of, '-----> Done\n');
    await endOutput(platform.redis, platform.instance, of);
    const built = await finishBuild(platform, { buildId: of.id, lease, image: image('one') });
    await release(here.world, built?.releaseId ?? '');
    await following;
    expect(seen).toEqual([
      { type: 'output', text: '-----> Node.js app detected\n' },
      { type: 'output', text: '-----> Done\n' },
      {
        type: 'end',
        isOk: true,
        message: `Released v1, live at http://${here.app.name}.localhost:8080/`,
        version: 1,
        webUrl: `http://${here.app.name}.localhost:8080/`,
      },
    ]);
  });

  it('shows the kept output to who follows a build that is over and whose stream is gone', async () => {
    const { pushId, buildId } = await deploy(here.world, here.app.id, 'one');
    await storeOutput(here.world.platform, { buildId: buildId ?? '', text: 'kept\0\n' });
    const seen: PushProgressMessage[] = [];
    for await (const message of followPush(here.world.platform, { pushId, signal: AbortSignal.timeout(30_000) }))
      seen.push(message);
    expect(seen).toMatchObject([
      { type: 'output', text: 'kept\n' },
      { type: 'end', isOk: true },
    ]);
    expect(await getOutput(here.world.platform, { ...here.who, buildId: buildId ?? '' })).toBe('kept\n');
  });

  it('stores other refs without a build, and wants them applied in the order of their pushes', async () => {
    const { platform } = here.world;
    const accept = (ref: string, newSha: string) =>
      acceptPush(platform, { actor: here.world.owner, appId: here.app.id, ref, oldSha: zeros, newSha, source: null });
    const side = await accept('refs/heads/side', sha('one'));
    const tag = await accept('refs/tags/v1', sha('one'));
    const gone = await accept('refs/heads/side', zeros);
    expect(side.buildId).toBeNull();
    const { repositoryId } = await platform.db.app.findUniqueOrThrow({ where: { id: here.app.id } });
    const wanted = async () => (await listWantedRefs(platform, { repositoryId })).map(({ pushId }) => pushId);
    expect(await wanted()).toEqual([side.pushId, tag.pushId, gone.pushId]);
    await markRefApplied(platform, { pushId: side.pushId });
    expect(await wanted()).toEqual([tag.pushId, gone.pushId]);
    await expect(accept('refs/heads/main', sha('one'))).rejects.toMatchObject({ code: 'conflict' });
  });

  it('builds only the deploy branch and refuses to delete it', async () => {
    const classify = (branch: string, newSha = sha('one')) =>
      classifyPush(here.world.platform, {
        actor: here.world.owner,
        appId: here.app.id,
        ref: `refs/heads/${branch}`,
        newSha,
      });
    expect(await classify('master')).toEqual({ kind: 'build' });
    expect(await classify('trunk')).toEqual({ kind: 'store' });
    await setDeployBranch(here.world.platform, { ...here.who, branch: 'trunk' });
    expect(await classify('trunk')).toEqual({ kind: 'build' });
    expect(await classify('main')).toEqual({ kind: 'store' });
    expect(await classify('main', zeros)).toEqual({ kind: 'store' });
    expect(await classify('trunk', zeros)).toMatchObject({ kind: 'reject' });
  });
});
