import type { Platform } from '../platform.js';

/** Ids of all repositories that an app has, for apps/git, which removes the git objects of the others. */
export async function listRepositories(platform: Platform): Promise<string[]> {
  const rows = await platform.db.repository.findMany({ select: { id: true } });
  return rows.map(({ id }) => id);
}
