import { expect, it } from 'vitest';
import { createApp } from '../src/apps/create-app.js';
import { readBoard } from '../src/environments/read-board.js';
import { createPipeline } from '../src/pipelines/create-pipeline.js';
import { deploy, worldWithApp } from './open-world.js';

const here = worldWithApp();

it('shows each service beside its environments: stable ones in their order, then projects, with the commit that runs', async () => {
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
  await platform.db.app.create({ data: { ...shared, name: 'cart--red', environmentId: project.id } });

  const board = await readBoard(platform, { actor: owner, team: 'default' });
  expect(board.environments.at(-1)).toMatchObject({ name: 'red', kind: 'project', base: stable.name });
  const service = board.services.find(({ name }) => name === 'cart-service');
  expect(service?.cells).toMatchObject({ [stable.name]: { app: 'cart' }, red: { app: 'cart--red', commit: null } });
  expect(board.services.map(({ name }) => name)).not.toContain('cart');

  await expect(readBoard(platform, { actor: await addUser(null), team: 'default' })).rejects.toMatchObject({
    code: 'not_found',
  });
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
    return [cells.daily?.promoteTo, cells.pre?.promoteTo];
  };
  expect(await offered()).toEqual(['orders-pre', null]);
  await deploy(world, pre!, 'newer');
  expect(await offered()).toEqual([null, null]);
});
