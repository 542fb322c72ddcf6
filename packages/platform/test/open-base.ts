import { createApp } from '../src/apps/create-app.js';
import { deploy, type World } from './open-world.js';

/**
 * A stable environment with an app per service, each in its pipeline and live with the commit `<service>-1`; `qa` stands
 * beside it.
 */
export async function openBase(world: World, services: readonly string[]) {
  const { platform, owner } = world;
  const { db } = platform;
  const apps: Record<string, string> = {};
  const pipelines: Record<string, string> = {};
  const repositories: Record<string, string> = {};
  let environmentId = '';
  for (const name of services) {
    const app = await createApp(platform, { actor: owner, name });
    const row = await db.app.findUniqueOrThrow({ where: { id: app.id } });
    const { teamId, repositoryId } = row;
    const pipeline = await db.pipeline.create({ data: { teamId, name, repositoryId, createdById: owner.userId } });
    await db.app.update({ where: { id: app.id }, data: { pipelineId: pipeline.id } });
    await deploy(world, app.id, `${name}-1`);
    environmentId = row.environmentId;
    apps[name] = app.id;
    pipelines[name] = pipeline.id;
    repositories[name] = repositoryId;
  }
  const { name, teamId } = await db.environment.findUniqueOrThrow({ where: { id: environmentId } });
  await db.environment.createMany({ data: [{ teamId, name: 'qa' }], skipDuplicates: true });
  return { name, environmentId, apps, pipelines, repositories };
}
