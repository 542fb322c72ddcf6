import type { TestApi } from './start-test-api.js';

/** An app for each name, in a pipeline of that name; their ids. */
export async function newServices(api: TestApi, names: readonly string[]): Promise<string[]> {
  const { db } = api.platform;
  const ids: string[] = [];
  for (const name of names) {
    const { id } = await api.newApp(name);
    const { teamId, repositoryId, createdById } = await db.app.findUniqueOrThrow({ where: { id } });
    const pipeline = { teamId, name, repositoryId, createdById };
    await db.app.update({ where: { id }, data: { pipeline: { create: pipeline } } });
    ids.push(id);
  }
  return ids;
}
