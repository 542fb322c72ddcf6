import { containerOf, docker, query } from './inside.js';

/** Nothing younger than an hour is collected: so all that this app has was made two hours ago. */
export async function age(app: string): Promise<void> {
  const [row] = await query(`SELECT id, "repositoryId" FROM "App" WHERE name = '${app}'`);
  const { id, repositoryId } = row as { id: string; repositoryId: string };
  const before = `"createdAt" - interval '2 hours'`;
  await query(`UPDATE "Image" SET "createdAt" = ${before} WHERE "repositoryId" = '${repositoryId}'`);
  await query(
    `UPDATE "Source" SET "createdAt" = ${before} WHERE "pushId" IN (SELECT id FROM "Push" WHERE "appId" = '${id}')`,
  );
  const registry = await containerOf('registry');
  const folders = ['app', 'source'].map(
    (room) => `/var/lib/berth/registry/docker/registry/v2/repositories/${room}/${repositoryId}`,
  );
  const touch = ['-name', 'link', '-exec', 'touch', '-d', '2 hours ago', '{}', '+'];
  await docker('exec', registry, 'find', ...folders, ...touch);
}
