import { describe, expect, it } from 'vitest';
import { setConfigVars } from '../src/config-vars/set-config-vars.js';
import { changeEnvironment } from '../src/environments/change-environment.js';
import { decoupleApp } from '../src/pipelines/decouple-app.js';
import { answerPromotion } from '../src/promotions/answer-promotion.js';
import { cancelPromotion } from '../src/promotions/cancel-promotion.js';
import { failPromotion } from '../src/promotions/fail-promotion.js';
import { getPromotion } from '../src/promotions/get-promotion.js';
import { listPromotions } from '../src/promotions/list-promotions.js';
import { listTeamPromotions } from '../src/promotions/list-team-promotions.js';
import { releasePromoted } from '../src/promotions/release-promoted.js';
import { startPromotion } from '../src/promotions/start-promotion.js';
import { takeUpPromotion } from '../src/promotions/take-up-promotion.js';
import { followPush } from '../src/pushes/follow-push.js';
import { failRelease } from '../src/releases/fail-release.js';
import { getReleaseConfig } from '../src/releases/get-release-config.js';
import { listReleases } from '../src/releases/list-releases.js';
import { startRelease } from '../src/releases/start-release.js';
import { build, deploy, push, release, worldWithPipeline } from './open-world.js';

const { here, appIn } = worldWithPipeline();
const promote = (
  from: string,
  to: string,
  of: { actor?: { userId: string }; maySkip?: boolean; release?: string } = {},
) =>
  startPromotion(here.world.platform, {
    actor: here.world.owner,
    source: appIn(from).id,
    target: appIn(to).name,
    ...of,
  });
const get = (promotion: string) => getPromotion(here.world.platform, { actor: here.world.owner, promotion });
const policy = (environment: string, changes: object) =>
  changeEnvironment(here.world.platform, { actor: here.world.owner, team: 'default', environment, policy: changes });
const releasesOf = (environment: string) =>
  listReleases(here.world.platform, { actor: here.world.owner, app: appIn(environment).id });

/** What the releaser does with a promotion whose gates are open. Returns the release that it made. */
async function carryOut(promotionId: string): Promise<string> {
  const lease = await here.world.lease();
  if (await takeUpPromotion(here.world.platform, { promotionId, lease }))
    await releasePromoted(here.world.platform, { promotionId, lease });
  return (await get(promotionId)).release?.id ?? '';
}
const finish = async (promotionId: string) => release(here.world, await carryOut(promotionId));

/** The sentence that a pusher reads at the end. */
async function endOf(pushId: string): Promise<string | undefined> {
  for await (const message of followPush(here.world.platform, { pushId, signal: AbortSignal.timeout(30_000) }))
    if (message.type === 'end') return message.message;
}

describe('a promotion', () => {
  it('carries the very same image through all stages, with the config of each, and builds once', async () => {
    await setConfigVars(here.world.platform, {
      actor: here.world.owner,
      app: appIn('qa').id,
      changes: { WHERE: 'qa' },
    });
    await deploy(here.world, appIn('daily').id, 'one', ['web', 'worker']);
    await policy('production', { approvals: 0 });
    try {
      for (const [from, to] of [
        ['daily', 'qa'],
        ['qa', 'pre'],
        ['pre', 'production'],
      ] as const) {
        const { id } = await promote(from, to);
        await finish(id);
        expect(await get(id)).toMatchObject({ status: 'succeeded', release: { version: to === 'qa' ? 2 : 1 } });
      }
    } finally {
      await policy('production', { approvals: 1 });
    }
    const [daily, ...later] = await Promise.all(['daily', 'qa', 'pre', 'production'].map((name) => releasesOf(name)));
    for (const [newest] of later)
      expect(newest).toMatchObject({ imageDigest: daily?.[0]?.imageDigest, status: 'succeeded', reason: 'promotion' });
    const config = (app: string) =>
      getReleaseConfig(here.world.platform, { actor: here.world.owner, app, version: 'current' });
    expect(await config(appIn('qa').id)).toMatchObject({ WHERE: 'qa', BERTH_ENVIRONMENT: 'qa' });
    expect(await config(appIn('production').id)).not.toHaveProperty('WHERE');
    const builds = await here.world.platform.db.build.count({ where: { app: { pipelineId: here.pipeline.id } } });
    expect(builds).toBe(1);
    const history = await listPromotions(here.world.platform, {
      actor: here.world.owner,
      pipeline: here.pipeline.name,
    });
    expect(history.map(({ source, target, person }) => [source.environment, target.environment, person.email])).toEqual(
      [
        ['pre', 'production', 'owner@example.com'],
        ['qa', 'pre', 'owner@example.com'],
        ['daily', 'qa', 'owner@example.com'],
      ],
    );
    const lately = (actor: { userId: string }) =>
      listTeamPromotions(here.world.platform, { actor, team: here.pipeline.team.name });
    expect((await lately(await here.world.addUser('viewer'))).slice(0, 3)).toEqual(history);
    await expect(lately(await here.world.addUser(null))).rejects.toMatchObject({ code: 'not_found' });
  });

  it('goes forward only, skips no stage unless that is said, and needs something to promote', async () => {
    await expect(promote('daily', 'qa')).rejects.toThrow('has no live release');
    await deploy(here.world, appIn('daily').id, 'one');
    await expect(promote('qa', 'daily')).rejects.toMatchObject({ code: 'invalid_params' });
    await expect(promote('daily', 'daily')).rejects.toMatchObject({ code: 'invalid_params' });
    await expect(promote('daily', 'pre')).rejects.toThrow(`${appIn('qa').name} comes before`);
    expect((await promote('daily', 'pre', { maySkip: true })).status).toBe('running');
    const { id } = await promote('daily', 'qa');
    await finish(id);
    await expect(promote('daily', 'qa')).rejects.toThrow('has this image already (v1)');
  });

  it('may take an older release of the source that was live', async () => {
    const { releaseId } = await deploy(here.world, appIn('daily').id, 'one');
    await deploy(here.world, appIn('daily').id, 'two');
    const { id, source } = await promote('daily', 'qa', { release: releaseId });
    expect(source.version).toBe(1);
    await finish(id);
    expect((await releasesOf('qa'))[0]?.imageDigest).toBe('sha256:image-one');
  });

  it('supersedes a build of the target that was accepted before it', async () => {
    await deploy(here.world, appIn('daily').id, 'one');
    const late = await push(here.world.platform, here.world.owner, appIn('qa').id, 'late');
    const { id } = await promote('daily', 'qa');
    await carryOut(id);
    const row = await here.world.platform.db.build.findUniqueOrThrow({ where: { id: late.buildId ?? '' } });
    const target = await here.world.platform.db.app.findUniqueOrThrow({ where: { id: appIn('qa').id } });
    expect(target.lastAccepted).toBeGreaterThan(row.accepted);
    await build(here.world, late.buildId ?? '', 'late');
    expect(await endOf(late.pushId)).toMatch(/^Superseded by v1: Promote orders\d+-daily v1 /);
  });

  it('fails with its release, and the old one serves', async () => {
    await deploy(here.world, appIn('daily').id, 'one');
    const { id } = await promote('daily', 'qa');
    const releaseId = await carryOut(id);
    const lease = await here.world.lease();
    await startRelease(here.world.platform, { releaseId, lease });
    const error = { code: 'release_phase_failed', message: 'The release command ended with 1.' };
    await failRelease(here.world.platform, { releaseId, lease, error });
    expect(await get(id)).toMatchObject({ status: 'failed', error });
  });

  it('follows a config change that takes its image over, and ends when another image does', async () => {
    await deploy(here.world, appIn('daily').id, 'one');
    const first = await promote('daily', 'qa');
    await carryOut(first.id);
    await setConfigVars(here.world.platform, { actor: here.world.owner, app: appIn('qa').id, changes: { LATE: '1' } });
    const [taking] = await releasesOf('qa');
    expect(await get(first.id)).toMatchObject({ status: 'running', release: { id: taking?.id } });
    await release(here.world, taking?.id ?? '');
    expect(await get(first.id)).toMatchObject({ status: 'succeeded', release: { version: 2 } });

    await deploy(here.world, appIn('daily').id, 'two');
    const second = await promote('daily', 'qa');
    await carryOut(second.id);
    await deploy(here.world, appIn('daily').id, 'three');
    const third = await promote('daily', 'qa');
    await finish(third.id);
    expect(await get(second.id)).toMatchObject({ status: 'cancelled', error: { code: 'superseded' } });
    expect(await get(third.id)).toMatchObject({ status: 'succeeded' });
  });

  it('makes one release however often its worker is killed and starts again', async () => {
    await deploy(here.world, appIn('daily').id, 'one');
    const { id } = await promote('daily', 'qa');
    const made = await Promise.all([carryOut(id), carryOut(id), carryOut(id)]);
    expect(new Set([...made, await carryOut(id)])).toHaveProperty('size', 1);
    expect(await releasesOf('qa')).toHaveLength(1);
    const stale = { ...(await here.world.lease()), fence: -1 };
    await expect(releasePromoted(here.world.platform, { promotionId: id, lease: stale })).rejects.toThrow('was lost');
  });
});

describe('two promotions to one app', () => {
  it('at the same moment become one when they are the same', async () => {
    await deploy(here.world, appIn('daily').id, 'one');
    const both = await Promise.all([promote('daily', 'qa'), promote('daily', 'qa')]);
    expect(both[0]?.id).toBe(both[1]?.id);
  });

  it('of different images: the newer one wins, whichever ran first', async () => {
    const { releaseId } = await deploy(here.world, appIn('daily').id, 'one');
    await deploy(here.world, appIn('daily').id, 'two');
    const older = await promote('daily', 'qa', { release: releaseId });
    const newer = await promote('daily', 'qa');
    expect(await get(older.id)).toMatchObject({ status: 'cancelled', error: { code: 'cancelled' } });
    await finish(newer.id);
    expect(await carryOut(older.id)).toBe('');
    expect((await releasesOf('qa')).map(({ imageDigest }) => imageDigest)).toEqual(['sha256:image-two']);
  });
});

describe('approvals', () => {
  const ready = async () => {
    await deploy(here.world, appIn('daily').id, 'one');
    return promote('daily', 'production', { maySkip: true });
  };
  const answer = (promotion: string, actor: { userId: string }, isApproved = true) =>
    answerPromotion(here.world.platform, { actor, promotion, isApproved, comment: 'seen' });

  it('production waits for a second person: not who asked, not a viewer, not a stranger', async () => {
    const { id, status, approvalsWanted } = await ready();
    expect([status, approvalsWanted]).toEqual(['pending', 1]);
    expect(await carryOut(id)).toBe('');
    const [viewer, stranger] = [await here.world.addUser('viewer'), await here.world.addUser(null)];
    await expect(answer(id, here.world.owner)).rejects.toThrow('Somebody else');
    await expect(answer(id, viewer)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(answer(id, stranger)).rejects.toMatchObject({ code: 'not_found' });
    const second = await here.world.addUser('member');
    expect(await answer(id, second)).toMatchObject({
      status: 'running',
      approvals: [{ isApproved: true, comment: 'seen', person: { id: second.userId } }],
    });
    await finish(id);
    expect(await get(id)).toMatchObject({ status: 'succeeded' });
    await expect(answer(id, second)).rejects.toThrow('waits for nobody');
  });

  it('cannot be passed by a push to the app itself, unless nothing stands before it', async () => {
    const pushed = (app: { id: string }) => push(here.world.platform, here.world.owner, app.id, 'direct');
    await expect(pushed(appIn('production'))).rejects.toThrow(`promote from ${appIn('pre').name}`);
    for (const environment of ['daily', 'qa', 'pre'])
      await decoupleApp(here.world.platform, { actor: here.world.owner, app: appIn(environment).id });
    await expect(pushed(appIn('production'))).resolves.toBeDefined();
  });

  it('of two people are counted by people, also when both come at once', async () => {
    await policy('production', { approvals: 2 });
    try {
      const { id } = await ready();
      const [one, two] = [await here.world.addUser('member'), await here.world.addUser('member')];
      await answer(id, one);
      expect(await answer(id, one)).toMatchObject({ status: 'pending' });
      const [, last] = await Promise.all([answer(id, one), answer(id, two)].map((call) => call.catch(() => undefined)));
      expect(last ?? (await get(id))).toMatchObject({ status: 'running' });
    } finally {
      await policy('production', { approvals: 1 });
    }
    const jobs = await here.world.platform.db.outbox.findMany({ where: { name: 'promotion.run' } });
    expect(new Set(jobs.map(({ payload }) => JSON.stringify(payload))).size).toBe(jobs.length);
  });

  it('by one rejection end it', async () => {
    const { id } = await ready();
    expect(await answer(id, await here.world.addUser('member'), false)).toMatchObject({
      status: 'failed',
      error: { code: 'rejected', message: 'Rejected: seen.' },
    });
  });

  it('asked for again, the promotion that waits keeps its approvals', async () => {
    await policy('production', { approvals: 2 });
    try {
      const { id } = await ready();
      await answer(id, await here.world.addUser('member'));
      expect(await promote('daily', 'production', { maySkip: true })).toMatchObject({ id, approvals: [{}] });
    } finally {
      await policy('production', { approvals: 1 });
    }
  });

  it('may be waited for no longer: cancelled by who may promote, or with the app taken out of the pipeline', async () => {
    const { id } = await ready();
    const viewer = await here.world.addUser('viewer');
    await expect(cancelPromotion(here.world.platform, { actor: viewer, promotion: id })).rejects.toThrow('role');
    await cancelPromotion(here.world.platform, { actor: here.world.owner, promotion: id });
    expect(await get(id)).toMatchObject({ status: 'cancelled' });
    const { id: other } = await promote('daily', 'production', { maySkip: true });
    await decoupleApp(here.world.platform, { actor: here.world.owner, app: appIn('daily').id });
    expect(await get(other)).toMatchObject({ status: 'cancelled' });
  });
});

describe('the policy of the target', () => {
  it('refuses who may not deploy there, and a freeze, when it is asked for and when it is carried out', async () => {
    await deploy(here.world, appIn('daily').id, 'one');
    const member = await here.world.addUser('member');
    const freeze = { reason: 'Audit', until: null };
    try {
      await policy('qa', { deployRole: 'admin' });
      await expect(promote('daily', 'qa', { actor: member })).rejects.toThrow('needs the role admin');
      await policy('qa', { deployRole: 'member', freeze });
      await expect(promote('daily', 'qa', { actor: member })).rejects.toThrow('qa is frozen: Audit.');
      await policy('qa', { freeze: null });
      const { id } = await promote('daily', 'qa', { actor: member });
      await policy('qa', { freeze });
      await expect(carryOut(id)).rejects.toThrow('qa is frozen: Audit.');
      const lease = await here.world.lease();
      const error = { code: 'forbidden', message: 'qa is frozen: Audit.' };
      await failPromotion(here.world.platform, { promotionId: id, lease, error });
      expect(await get(id)).toMatchObject({ status: 'failed', error });
      expect(await releasesOf('qa')).toEqual([]);
    } finally {
      await policy('qa', { deployRole: 'member', freeze: null });
    }
  });
});
