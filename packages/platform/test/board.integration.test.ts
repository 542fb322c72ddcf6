import { expect, it } from 'vitest';
import { createApp } from '../src/apps/create-app.js';
import { listAppPage } from '../src/apps/list-app-page.js';
import { readBoard } from '../src/environments/read-board.js';
import { createPipeline } from '../src/pipelines/create-pipeline.js';
import { listProjectPage } from '../src/projects/list-project-page.js';
import { cancelPromotion } from '../src/promotions/cancel-promotion.js';
import { getPromotedFrom } from '../src/promotions/get-promoted-from.js';
import { startPromotion } from '../src/promotions/start-promotion.js';
import { deploy, worldWithApp } from './open-world.js';

const here = worldWithApp();

it('shows each service beside the stable environments, with the commit that runs, and projects in pages of their own', async () => {
  const { platform, owner, addUser } = here.world;
  const team = await platform.db.team.findUniqueOrThrow({ where: { name: 'default' } });
  const stable = await platform.db.environment.findFirstOrThrow({ where: { teamId: team.id, name: 'production' } });
  const project = await platform.db.environment.create({
    data: { teamId: team.id, name: 'red', kind: 'project', baseId: stable.id },
  });
  const app = await createApp(platform, { actor: owner, name: 'cart' });
  const { repositoryId } = app;
  const pipeline = await platform.db.pipeline.create({
    data: { teamId: team.id, name: 'cart-service', repositoryId, createdById: owner.userId },
  });
  await platform.db.app.update({ where: { id: app.id }, data: { pipelineId: pipeline.id } });
  const shared = { teamId: team.id, repositoryId, pipelineId: pipeline.id, createdById: owner.userId };
  const own = await platform.db.app.create({ data: { ...shared, name: 'cart--red', environmentId: project.id } });
  await platform.db.projectService.create({ data: { appId: own.id, userId: owner.userId, branch: 'red' } });
  await platform.db.sleep.create({ data: { appId: own.id, state: 'frozen' } });

  const board = await readBoard(platform, { actor: owner, team: 'default' });
  expect(board.environments.map(({ name }) => name)).toEqual(['daily', 'qa', 'pre', 'production']);
  const service = board.services.find(({ name }) => name === 'cart-service');
  expect([...(service?.cells ?? [])]).toMatchObject([[stable.name, { app: 'cart', sleep: 'awake', commit: null }]]);
  expect(board.services.map(({ name }) => name)).not.toContain('cart');

  const found = await listProjectPage(platform, { actor: owner, team: 'default', search: 'RE' });
  expect(found).toMatchObject({
    total: 1,
    page: 1,
    projects: [{ name: 'red', base: { name: stable.name }, asleep: 1 }],
  });
  expect(await listProjectPage(platform, { actor: owner, team: 'default', search: 'blue' })).toMatchObject({
    total: 0,
  });

  const stranger = await addUser(null);
  for (const read of [readBoard, listProjectPage])
    await expect(read(platform, { actor: stranger, team: 'default' })).rejects.toMatchObject({ code: 'not_found' });
});

it('pages hundreds of project environments, and says on the board why nothing is deployed somewhere', async () => {
  const { platform, owner } = here.world;
  const team = await platform.db.team.findUniqueOrThrow({ where: { name: 'default' } });
  const freeze = { reason: 'Christmas', until: null };
  const { id: baseId } = await platform.db.environment.update({
    where: { teamId_name: { teamId: team.id, name: 'pre' } },
    data: { policy: { freeze } },
  });
  const names = Array.from({ length: 45 }, (_, index) => `many-${index}`);
  await platform.db.environment.createMany({
    data: names.map((name) => ({ name, teamId: team.id, baseId, kind: 'project' as const })),
  });
  const read = (page: number) => listProjectPage(platform, { actor: owner, team: team.name, search: 'many', page });
  const pages = await Promise.all([1, 2, 3].map(read));
  expect(pages.flatMap(({ projects }) => projects.map(({ name }) => name)).sort()).toEqual(names.sort());
  expect(await read(99)).toMatchObject({ page: 3, pages: 3, total: 45 });
  expect(await read(Number.NaN)).toMatchObject({ page: 1 });
  const { environments } = await readBoard(platform, { actor: owner, team: team.name });
  expect(environments.map(({ frozenFor }) => frozenFor)).toEqual([null, null, 'Christmas', null]);
  await platform.db.environment.update({ where: { id: baseId }, data: { policy: {} } });
});

it('lists apps in pages, by a part of their name or of their environment’s', async () => {
  const { platform, owner, addUser } = here.world;
  const app = await createApp(platform, { actor: owner, name: 'needle-in-hay' });
  const found = await listAppPage(platform, { actor: owner, search: 'in-h' });
  expect(found).toMatchObject({
    total: 1,
    pages: 1,
    apps: [{ name: 'needle-in-hay', sleep: 'awake', state: 'empty' }],
  });
  const { total } = await listAppPage(platform, { actor: owner, search: app.environment.name });
  expect(total).toBeGreaterThan(0);
  expect(await listAppPage(platform, { actor: await addUser(null), search: 'in-h' })).toMatchObject({ total: 0 });
});

it('offers what runs in a stage to the next one that the service has, unless it runs there already', async () => {
  const { world } = here;
  const { platform, owner } = world;
  const service = await createPipeline(platform, { actor: owner, name: 'orders', apps: ['daily', 'pre'] });
  const [daily, pre] = service.apps.map(({ id }) => id);
  await deploy(world, daily!, 'newer');
  const offered = async () => {
    const { services } = await readBoard(platform, { actor: owner, team: 'default' });
    const cells = services.find(({ name }) => name === 'orders')!.cells;
    return [cells.get('daily')?.promoteTo, cells.get('pre')?.promoteTo];
  };
  expect(await offered()).toEqual(['orders-pre', null]);
  await deploy(world, pre!, 'newer');
  expect(await offered()).toEqual([null, null]);
});

it('shows the promotion that waits for approval where it goes to, and where an app’s releases come from', async () => {
  const { world } = here;
  const { platform, owner } = world;
  const { apps } = await createPipeline(platform, { actor: owner, name: 'bills', apps: ['daily', 'qa', 'production'] });
  const [daily, qa, production] = apps.map(({ id }) => id);
  const from = (app: string) => getPromotedFrom(platform, { actor: owner, app });
  expect(await from(daily!)).toBeUndefined();
  expect(await from(qa!)).toMatchObject({ app: 'bills-daily', hasRelease: false, isOnlyWay: false });
  await deploy(world, qa!, 'one');
  const last = { app: 'bills-qa', environment: 'qa', hasRelease: true, isOnlyWay: true };
  expect(await from(production!)).toEqual(last);

  const waiting = async () => {
    const { services } = await readBoard(platform, { actor: owner, team: 'default' });
    return services.find(({ name }) => name === 'bills')!.cells.get('production')?.waitingPromotion;
  };
  expect(await waiting()).toBeNull();
  const { id, status } = await startPromotion(platform, { actor: owner, source: qa!, target: production! });
  expect([status, await waiting()]).toEqual(['pending', id]);
  await cancelPromotion(platform, { actor: owner, promotion: id });
  expect(await waiting()).toBeNull();
});
