import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../src/apps/create-app.js';
import { changeEnvironment } from '../src/environments/change-environment.js';
import { createEnvironment } from '../src/environments/create-environment.js';
import { coupleApp } from '../src/pipelines/couple-app.js';
import { createPipeline } from '../src/pipelines/create-pipeline.js';
import { createPipelineApp } from '../src/pipelines/create-pipeline-app.js';
import { decoupleApp } from '../src/pipelines/decouple-app.js';
import { destroyPipeline } from '../src/pipelines/destroy-pipeline.js';
import { findDeployTargets } from '../src/pipelines/find-deploy-targets.js';
import { findRepository } from '../src/pipelines/find-repository.js';
import { getPipeline } from '../src/pipelines/get-pipeline.js';
import { listPipelines } from '../src/pipelines/list-pipelines.js';
import { renamePipeline } from '../src/pipelines/rename-pipeline.js';
import { deploy, openWorld, type World } from './open-world.js';

let world: World;
let count = 0;
beforeAll(async () => {
  world = await openWorld();
}, 60_000);
afterAll(() => world.close());

const fresh = (noun: string) => {
  count += 1;
  return `${noun}${count}`;
};
const owner = () => world.owner;
const pipelineWith = (apps: string[] | 'all' = []) =>
  createPipeline(world.platform, { actor: owner(), name: fresh('orders'), apps });
const appIn = (environment: string) => createApp(world.platform, { actor: owner(), name: fresh('app'), environment });
const couple = (
  app: { id: string },
  pipeline: { id: string },
  of: { stage?: 'development' | 'staging' | 'production' } = {},
) => coupleApp(world.platform, { actor: owner(), app: app.id, pipeline: pipeline.id, ...of });
const serviceOf = async (appId: string) =>
  (await world.platform.db.route.findUniqueOrThrow({ where: { appId } })).service;
const repositoryOf = async (appId: string) =>
  (await world.platform.db.app.findUniqueOrThrow({ where: { id: appId } })).repositoryId;

describe('a pipeline', () => {
  it('is made with an app in each stable environment: one service, one repository, four names', async () => {
    const { name, apps, gitUrl } = await pipelineWith('all');
    expect(apps.map((app) => [app.name, app.environment.name, app.stage])).toEqual([
      [`${name}-daily`, 'daily', 'development'],
      [`${name}-qa`, 'qa', 'staging'],
      [`${name}-pre`, 'pre', 'staging'],
      [name, 'production', 'production'],
    ]);
    expect(gitUrl).toMatch(new RegExp(`/default/${name}\\.git$`));
    expect(new Set(await Promise.all(apps.map(({ id }) => repositoryOf(id)))).size).toBe(1);
    expect(await Promise.all(apps.map(({ id }) => serviceOf(id)))).toEqual([name, name, name, name]);
  });

  it('has a name that is unique in its team, and that no other app of an environment answers to', async () => {
    const { name } = await pipelineWith();
    const again = createPipeline(world.platform, { actor: owner(), name });
    await expect(again).rejects.toMatchObject({ code: 'conflict' });
    const other = await appIn('qa');
    const taken = createPipeline(world.platform, { actor: owner(), name: other.name, apps: ['qa'] });
    await expect(taken).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('.internal') });
    expect((await listPipelines(world.platform, { actor: owner(), name: other.name })).length).toBe(0);
  });

  it('gets the app of one environment later, once', async () => {
    const pipeline = await pipelineWith(['daily']);
    const add = () =>
      createPipelineApp(world.platform, { actor: owner(), pipeline: pipeline.name, environment: 'production' });
    expect((await add()).name).toBe(pipeline.name);
    await expect(add()).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is renamed: its apps are called by the new name', async () => {
    const pipeline = await pipelineWith(['daily', 'qa']);
    const name = fresh('renamed');
    await renamePipeline(world.platform, { actor: owner(), pipeline: pipeline.id, name });
    expect(await Promise.all(pipeline.apps.map(({ id }) => serviceOf(id)))).toEqual([name, name]);
  });

  it('is destroyed without its apps, which have their own names again', async () => {
    const pipeline = await pipelineWith(['daily']);
    const app = pipeline.apps[0]!;
    await destroyPipeline(world.platform, { actor: owner(), pipeline: pipeline.id });
    expect(await serviceOf(app.id)).toBe(app.name);
    await expect(getPipeline(world.platform, { actor: owner(), pipeline: pipeline.id })).rejects.toThrow('pipeline');
  });

  it('of another team is not found, and a viewer changes nothing', async () => {
    const { id: pipeline } = await pipelineWith();
    const [stranger, viewer] = [await world.addUser(null), await world.addUser('viewer')];
    await expect(getPipeline(world.platform, { actor: stranger, pipeline })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await listPipelines(world.platform, { actor: stranger })).toEqual([]);
    const rename = renamePipeline(world.platform, { actor: viewer, pipeline, name: 'nothing' });
    await expect(rename).rejects.toMatchObject({ code: 'forbidden' });
    const destroy = destroyPipeline(world.platform, { actor: await world.addUser('member'), pipeline });
    await expect(destroy).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('coupling', () => {
  it('gives an empty pipeline the repository of an app that was deployed, and further new apps that one', async () => {
    const pipeline = await pipelineWith();
    const [old, second] = [await appIn('production'), await appIn('qa')];
    await deploy(world, old.id, 'one');
    const repositoryId = await repositoryOf(old.id);
    expect((await couple(old, pipeline)).app.stage).toBe('production');
    await couple(second, pipeline);
    expect(await repositoryOf(second.id)).toBe(repositoryId);
    expect(await world.platform.db.repository.count({ where: { id: second.repositoryId } })).toBe(0);
    expect(await serviceOf(second.id)).toBe(pipeline.name);
  });

  it('joins no two histories', async () => {
    const pipeline = await pipelineWith();
    const [one, two] = [await appIn('production'), await appIn('qa')];
    await deploy(world, one.id, 'one');
    await deploy(world, two.id, 'two');
    await couple(one, pipeline);
    await expect(couple(two, pipeline)).rejects.toMatchObject({
      message: expect.stringContaining('history of its own'),
    });
    expect(await repositoryOf(two.id)).toBe(two.repositoryId);
  });

  it('moves an app that was never deployed to the stage that is asked for, and no other', async () => {
    const pipeline = await pipelineWith();
    const [first, second, third] = [await appIn('production'), await appIn('production'), await appIn('production')];
    expect((await couple(first, pipeline, { stage: 'staging' })).app.environment.name).toBe('qa');
    expect((await couple(second, pipeline, { stage: 'staging' })).app.environment.name).toBe('pre');
    await expect(couple(third, pipeline, { stage: 'staging' })).rejects.toMatchObject({ code: 'conflict' });
    await deploy(world, third.id, 'one');
    await expect(couple(third, await pipelineWith(), { stage: 'staging' })).rejects.toThrow('what runs does not move');
  });

  it('is undone: the app has its own name, keeps the repository and may come back', async () => {
    const pipeline = await pipelineWith(['daily', 'qa']);
    const qa = pipeline.apps[1]!;
    await decoupleApp(world.platform, { actor: owner(), app: qa.name });
    expect(await serviceOf(qa.id)).toBe(qa.name);
    const { apps } = await getPipeline(world.platform, { actor: owner(), pipeline: pipeline.id });
    expect(apps.map(({ name }) => name)).toEqual([`${pipeline.name}-daily`]);
    await deploy(world, pipeline.apps[0]!.id, 'one');
    expect((await couple(qa, pipeline)).pipeline.apps.length).toBe(2);
  });

  it('of two apps with one environment at once lets one in', async () => {
    const pipeline = await pipelineWith();
    const apps = [await appIn('qa'), await appIn('qa')];
    const ends = await Promise.allSettled(apps.map((app) => couple(app, pipeline)));
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('takes no app of another team, and none that is in another pipeline', async () => {
    const [one, two] = [await pipelineWith(['daily']), await pipelineWith()];
    await expect(couple(one.apps[0]!, two)).rejects.toMatchObject({ code: 'conflict' });
    const stranger = await world.addUser(null);
    const foreign = coupleApp(world.platform, { actor: stranger, app: one.apps[0]!.id, pipeline: two.id });
    await expect(foreign).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('approvals', () => {
  it('are not got round by a member who takes apps out of a pipeline, or puts one in', async () => {
    const pipeline = await pipelineWith(['daily', 'qa', 'production']);
    const [daily, qa, production] = pipeline.apps;
    const member = await world.addUser('member');
    const decouple = (app: { id: string }, actor: { userId: string }) =>
      decoupleApp(world.platform, { actor, app: app.id });
    const refused = { code: 'forbidden', message: expect.stringContaining('production wait for approvals') };
    await expect(decouple(production!, member)).rejects.toMatchObject(refused);
    await decouple(qa!, member); // daily is still before production
    await expect(decouple(daily!, member)).rejects.toMatchObject(refused);
    await decouple(production!, await world.addUser('admin'));
    const back = { app: production!.id, pipeline: pipeline.id };
    await expect(coupleApp(world.platform, { actor: member, ...back })).rejects.toMatchObject(refused);
    await coupleApp(world.platform, { actor: member, app: qa!.id, pipeline: pipeline.id });
    await coupleApp(world.platform, { actor: owner(), ...back });
  });

  it('are not got round by moving the app that stands before', async () => {
    const pipeline = await pipelineWith(['daily', 'pre']);
    const member = await world.addUser('member');
    const policy = (approvals: number) =>
      changeEnvironment(world.platform, { actor: owner(), team: 'default', environment: 'qa', policy: { approvals } });
    await policy(1);
    try {
      const move = { app: pipeline.apps[1]!.id, pipeline: pipeline.id, environment: 'qa' };
      await expect(coupleApp(world.platform, { actor: member, ...move })).rejects.toMatchObject({ code: 'forbidden' });
      await coupleApp(world.platform, { actor: owner(), ...move });
      const on = { app: pipeline.apps[0]!.id, pipeline: pipeline.id, environment: 'pre' };
      await expect(coupleApp(world.platform, { actor: member, ...on })).rejects.toMatchObject({ code: 'forbidden' });
    } finally {
      await policy(0);
    }
  });
});

describe('the git remote of a pipeline', () => {
  const find = (name: string, actor = owner(), team?: string) =>
    findRepository(world.platform, { actor, team, name, right: 'app.push' });
  const findInTeam = (name: string, actor = owner()) => find(name, actor, 'default');

  it('is that of its first app, whatever its production app is called; an app with its team before it stays one', async () => {
    const pipeline = await pipelineWith(['qa', 'production']);
    expect((await findInTeam(pipeline.name)).app.name).toBe(`${pipeline.name}-qa`);
    expect((await find(pipeline.name)).app.name).toBe(pipeline.name);
    const app = await appIn('qa');
    expect(await findInTeam(app.name)).toMatchObject({ app: { id: app.id }, pipeline: undefined });
    await expect(findInTeam((await pipelineWith()).name)).rejects.toThrow('has no app yet to push to');
    await expect(findInTeam(pipeline.name, await world.addUser(null))).rejects.toMatchObject({ code: 'not_found' });
  });

  it('deploys main to the first environment, and a branch to the project environments that have it', async () => {
    const pipeline = await pipelineWith(['daily', 'production']);
    const { db } = world.platform;
    const daily = await db.app.findUniqueOrThrow({ where: { id: pipeline.apps[0]!.id } });
    const project = await db.environment.create({
      data: { teamId: daily.teamId, name: fresh('project'), kind: 'project', baseId: daily.environmentId },
    });
    await db.app.create({
      data: {
        ...{ name: `${pipeline.name}--${project.name}`, teamId: daily.teamId, environmentId: project.id },
        ...{ repositoryId: daily.repositoryId, pipelineId: pipeline.id, deployBranch: 'feature', createdById: 'x' },
      },
    });
    const targets = async (branch: string) =>
      (await findDeployTargets(db, { pipelineId: pipeline.id, branch })).map(({ environment }) => environment.name);
    expect(await targets('main')).toEqual(['daily']);
    expect(await targets('feature')).toEqual([project.name]);
    expect(await targets('other')).toEqual([]);
    const gone = destroyPipeline(world.platform, { actor: owner(), pipeline: pipeline.id });
    await expect(gone).rejects.toThrow(`destroy ${project.name} first`);
    await db.app.updateMany({ where: { environmentId: project.id }, data: { pipelineId: null } });
  });

  it('follows the order of the environments', async () => {
    const pipeline = await pipelineWith(['daily', 'qa']);
    const { environment } = await appIn('daily');
    await createEnvironment(world.platform, { actor: owner(), team: 'default', name: 'zero', position: 0 });
    await createPipelineApp(world.platform, { actor: owner(), pipeline: pipeline.id, environment: 'zero' });
    expect((await findInTeam(pipeline.name)).app.environment.name).toBe('zero');
    expect(environment.name).toBe('daily');
  });
});
