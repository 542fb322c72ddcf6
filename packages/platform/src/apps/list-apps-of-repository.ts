import type { Platform } from '../platform.js';

/** Ids of the apps that share a repository, those that are being destroyed too: each is a git namespace of it. */
export async function listAppsOfRepository(
  platform: Platform,
  { repositoryId }: { repositoryId: string },
): Promise<string[]> {
  const rows = await platform.db.app.findMany({ where: { repositoryId }, select: { id: true } });
  return rows.map(({ id }) => id);
}
