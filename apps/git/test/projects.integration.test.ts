import { createProject } from '@berth/platform/projects/create-project';
import { dropService } from '@berth/platform/projects/drop-service';
import { extendProject } from '@berth/platform/projects/extend-project';
import { getProject } from '@berth/platform/projects/get-project';
import { setPullRequestHook } from '@berth/platform/projects/set-pull-request-hook';
import { setReviewAppConfig } from '@berth/platform/review-apps/set-review-app-config';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addApp, addPerson, type Clone, makeClone, openWorld, type World } from './open-world.js';

let world: World;
let person: Awaited<ReturnType<typeof addPerson>>;
let number = 0;
/** Of each test: a pipeline with an app in production that main is live in, and a clone of it. */
let service = '';
let clone: Clone;
let remote = '';
let environment = '';

beforeAll(async () => {
  world = await openWorld();
  person = await addPerson(world, 'ada');
});
afterAll(() => world.close());
beforeEach(async () => {
  number += 1;
  service = `cart-${number}`;
  environment = `red-${number}`;
  const app = await addApp(world, person, service);
  const { db } = world.platform;
  const { id, teamId, repositoryId } = app;
  const pipeline = await db.pipeline.create({
    data: { teamId, name: service, repositoryId, createdById: person.userId },
  });
  await db.app.update({ where: { id }, data: { pipelineId: pipeline.id } });
  await db.route.create({ data: { appId: id, hosts: [service], service } });
  clone = await makeClone(world, service);
  remote = world.urlOf(person.token, `ada/${service}`);
  await clone.commit('first');
  await clone.must(['push', remote, 'main']);
});

const make = (wish: { branch?: string; commit?: string }, more: { untilMerged?: boolean } = {}) =>
  createProject(world.platform, {
    ...{ actor: person, name: environment, base: 'production', team: person.teamId },
    services: [{ service, ...wish }],
    ...more,
  });
const get = () => getProject(world.platform, { actor: person, environment });
const over = (name = environment) =>
  world.platform.wake.until(
    [],
    async () => {
      const view = await getProject(world.platform, { actor: person, environment: name });
      return view.status === 'ready' || view.status === 'failed' ? view : undefined;
    },
    AbortSignal.timeout(15_000),
  );
async function pushBranch(message = 'work') {
  await clone.must(['checkout', '-q', '-B', 'red']);
  const commit = await clone.commit(message);
  const { code, output } = await clone.git(['push', remote, 'red']);
  return { commit, code, output };
}
const buildsOf = (commit: string) => world.deployer.built.filter((built) => built === commit).length;

describe('a service of a project environment', () => {
  test('runs the head of a branch that was pushed before, built once', async () => {
    const { commit, output } = await pushBranch();
    expect(output).toContain('Branch red is stored, not built');
    await make({ branch: 'red' });
    expect(await over()).toMatchObject({
      status: 'ready',
      services: [{ commit, branch: 'red', release: { version: 1 } }],
    });
    environment += '-b';
    await make({ commit: commit.slice(0, 9) });
    expect(await over()).toMatchObject({ status: 'ready', services: [{ commit, branch: null, build: null }] });
    expect(buildsOf(commit)).toBe(1);
  });

  test('that wants a branch or commit that was never pushed fails with a sentence', async () => {
    await make({ branch: 'blue' });
    const message = `${service} failed: Branch blue is not in the git remote of ${service}: push it, and it is deployed.`;
    expect(await over()).toMatchObject({ status: 'failed', message });
    environment += '-b';
    await make({ commit: 'a'.repeat(40) });
    expect(await over()).toMatchObject({ status: 'failed', message: expect.stringContaining('push it first.') });
  });
});

describe('a push of a branch', () => {
  test('deploys every project environment that has it, and shows the build and the addresses', async () => {
    await pushBranch();
    await make({ branch: 'red' });
    await over();
    const first = environment;
    environment += '-b';
    await make({ branch: 'red' });
    await over();
    const { commit, code, output } = await pushBranch('more');
    expect(code).toBe(0);
    expect(output).toContain('-----> Building more');
    for (const name of [first, environment]) {
      expect(output).toContain(`-----> Deploying ${service}--${name} in environment ${name}`);
      expect(output).toContain(`http://${service}--${name}.localhost`);
      expect(await over(name)).toMatchObject({ status: 'ready', services: [{ commit }] });
    }
    expect(buildsOf(commit)).toBe(1);
  });

  test('says when an environment that it deploys goes soon', async () => {
    await pushBranch();
    await make({ branch: 'red' });
    await over();
    const { expiresAt } = await get();
    const said = `Environment ${environment} is destroyed at ${expiresAt?.toISOString()}: berth environments:extend`;
    expect((await pushBranch('more')).output).not.toContain(said);
    await world.platform.db.environment.updateMany({ where: { name: environment }, data: { warnedAt: new Date() } });
    expect((await pushBranch('still more')).output).toContain(said);
    const app = world.urlOf(person.token, `${service}--${environment}`);
    await clone.commit('by itself');
    expect(await clone.must(['push', app, 'HEAD:red'])).toContain(said);
  });

  test('is stored also when what it deploys fails, and the pusher is told why', async () => {
    await pushBranch();
    await make({ branch: 'red' });
    await over();
    const { commit, code, output } = await pushBranch('fail build');
    expect(code).toBe(0);
    expect(output).toContain(`!     ${service}--${environment}: The build script failed.`);
    expect(await get()).toMatchObject({ status: 'failed', message: `${service} failed: The build script failed.` });
    expect(await clone.must(['ls-remote', remote, 'red'])).toContain(commit);
  });

  test('to main is built once for the stable app and for a project environment that has it', async () => {
    await make({ branch: 'main' });
    await over();
    const commit = await clone.commit('second');
    const output = await clone.must(['push', remote, 'main']);
    expect(output).toContain('Released v2');
    expect(output).toContain(`http://${service}--${environment}.localhost`);
    expect(await over()).toMatchObject({ services: [{ commit, release: { version: 2 } }] });
    expect(buildsOf(commit)).toBe(1);
  });
});

describe('a pushed branch that the team has asked environments for', () => {
  const ask = (branches: string, pattern = '{service}-{branch}') =>
    setPullRequestHook(world.platform, { actor: person, team: person.teamId, base: 'production', pattern, branches });
  const newBranch = async (branch: string, to = remote) => {
    await clone.must(['checkout', '-q', '-B', branch, 'main']);
    const commit = await clone.commit(`work on ${branch}`);
    return { commit, ...(await clone.git(['push', to, branch])) };
  };
  beforeEach(() => ask('feature/**'));
  afterAll(() => world.platform.db.pullRequestHook.deleteMany());

  test('makes one, whose build is shown, is deployed again by the next push, and takes it along', async () => {
    environment = `${service}-feature-ui-new`;
    const first = await newBranch('feature/ui/new');
    expect([first.code, first.output]).toEqual([0, expect.stringContaining('-----> Building work on')]);
    expect(first.output).toContain(`in environment ${environment}`);
    expect(await over()).toMatchObject({ status: 'ready', services: [{ commit: first.commit }] });
    const commit = await clone.commit('more');
    await clone.must(['push', remote, 'feature/ui/new']);
    expect(await over()).toMatchObject({ services: [{ commit, branch: 'feature/ui/new' }] });
    expect(await clone.must(['push', remote, ':feature/ui/new'])).toContain(`Environment ${environment} no longer has`);
    await expect(get()).rejects.toMatchObject({ code: 'not_found' });
  });

  test('makes one where the pipeline’s review apps are automatic, and the team’s hook names no such branch', async () => {
    const change = (isAutomatic: boolean) =>
      setReviewAppConfig(world.platform, {
        ...{ actor: person, pipeline: service, mustBeThere: false },
        changes: { isAutomatic, staleDays: 2, destroysStale: true },
      });
    environment = `${service}-fix-a`;
    await change(false);
    expect((await newBranch('fix/b')).output).toContain('is stored, not built');
    await change(true);
    expect((await newBranch('fix/a')).output).toContain(`in environment ${environment}`);
    const made = await over();
    const livesMs = (made?.expiresAt?.getTime() ?? 0) - (made?.createdAt.getTime() ?? 0);
    expect(livesMs / 3_600_000).toBeCloseTo(48, 1);
    expect(await clone.must(['push', remote, ':fix/a'])).toContain(`Environment ${environment} no longer has`);
  });

  test('belongs to who pushed it, and who else may push extends it, drops its services and takes it along', async () => {
    environment = `${service}-feature-mine`;
    const { platform, urlOf } = world;
    const [pusher, other] = await Promise.all(
      ['eve', 'joe'].map((name) => addPerson(world, `${name}-${number}`, { teamId: person.teamId, role: 'member' })),
    );
    const remoteOf = ({ token }: { token: string }) => urlOf(token, `ada/${service}`);
    await newBranch('feature/mine', remoteOf(pusher!));
    expect((await over())?.owner?.id).toBe(pusher!.userId);
    for (const actor of [pusher!, other!]) await extendProject(platform, { actor, environment, hours: 1 });
    await clone.must(['push', remoteOf(other!), ':feature/mine']);
    await expect(get()).rejects.toMatchObject({ code: 'not_found' });
    await newBranch('feature/mine', remoteOf(pusher!));
    await dropService(platform, { actor: other!, environment, service });
    expect((await get()).services).toEqual([]);
  });

  test('goes when it is merged, unless the hook says that it stays', async () => {
    const { platform } = world;
    environment = `${service}-feature-done`;
    await newBranch('feature/done');
    await over();
    const hook = { actor: person, team: person.teamId, base: 'production', pattern: '{service}-{branch}' };
    await setPullRequestHook(platform, { ...hook, branches: 'feature/**', untilMerged: false });
    await newBranch('feature/stays');
    await over(`${service}-feature-stays`);
    await clone.must(['checkout', '-q', 'main']);
    await clone.must(['merge', '-q', '--no-edit', '-s', 'ours', 'feature/done', 'feature/stays']);
    await clone.must(['push', remote, 'main']);
    await expect(get()).rejects.toMatchObject({ code: 'not_found' });
    expect((await over(`${service}-feature-stays`))?.untilMerged).toBe(false);
  });

  test('is stored and nothing else when its name does not match, or nobody asks any more', async () => {
    expect((await newBranch('fix/feature/a')).output).toContain('is stored, not built');
    await setPullRequestHook(world.platform, { actor: person, team: person.teamId, base: 'production' });
    expect((await newBranch('feature/b')).output).toContain('is stored, not built');
  });

  test('is stored also when its environment cannot be made, and the pusher is told why', async () => {
    environment = `${service}-feature-x-y`;
    await newBranch('feature/x/y');
    const { code, output } = await newBranch('feature/x-y');
    expect([code, output]).toEqual([
      0,
      expect.stringContaining(`feature/x-y has no environment: ${environment} has ${service} already`),
    ]);
    expect(await clone.must(['ls-remote', remote, 'feature/x-y'])).not.toBe('');
  });
});

describe('an environment until its branch is merged', () => {
  const merge = async () => {
    await clone.must(['checkout', '-q', 'main']);
    await clone.commit('meanwhile', { 'other.txt': `${number}` });
    await clone.must(['merge', '-q', '--no-edit', 'red']);
    await clone.must(['push', remote, 'main']);
  };

  test('goes when main has the branch, and not before', async () => {
    await pushBranch();
    await make({ branch: 'red' }, { untilMerged: true });
    await over();
    await clone.must(['checkout', '-q', 'main']);
    await clone.commit('unrelated', { 'unrelated.txt': environment });
    await clone.must(['push', remote, 'main']);
    expect((await get()).status).toBe('ready');
    await merge();
    await expect(get()).rejects.toMatchObject({ code: 'not_found' });
  });

  test('keeps main where it was pushed to when the look for merges fails, and goes with the next push', async () => {
    await pushBranch();
    await make({ branch: 'red' }, { untilMerged: true });
    await over();
    const { db } = world.platform;
    await db.$executeRaw`ALTER TABLE "ProjectService" ADD CONSTRAINT "never_merged" CHECK ("mergedAt" IS NULL) NOT VALID`;
    try {
      await merge();
      const head = (await clone.must(['rev-parse', 'main'])).trim();
      expect(await clone.must(['ls-remote', remote, 'main'])).toContain(head);
      expect((await get()).status).toBe('ready');
      expect(await db.push.count({ where: { newSha: head, refAppliedAt: null } })).toBe(0);
    } finally {
      await db.$executeRaw`ALTER TABLE "ProjectService" DROP CONSTRAINT "never_merged"`;
    }
    await clone.commit('next', { 'next.txt': environment });
    await clone.must(['push', remote, 'main']);
    await expect(get()).rejects.toMatchObject({ code: 'not_found' });
  });

  test('stays while its branch has had nothing of its own', async () => {
    await clone.must(['checkout', '-q', '-B', 'red']);
    await clone.must(['push', remote, 'red']);
    await make({ branch: 'red' }, { untilMerged: true });
    await over();
    await merge();
    expect((await get()).status).toBe('ready');
    await pushBranch('work at last');
    await merge();
    await expect(get()).rejects.toMatchObject({ code: 'not_found' });
  });

  test('stays when nobody asked that it should go', async () => {
    await pushBranch();
    await make({ branch: 'red' });
    await over();
    await merge();
    expect((await get()).status).toBe('ready');
  });
});
