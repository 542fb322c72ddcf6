import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import type { Platform } from '../platform.js';
import { type ReleaseView, releaseInclude, toReleaseView } from './release-view.js';

export type { ReleaseView };

/** The app's releases, the newest first. @param limit 200 at the most */
export async function listReleases(
  platform: Platform,
  { actor, app: name, limit = 200 }: { actor: Actor; app: string; limit?: number },
): Promise<ReleaseView[]> {
  const app = await getAppFor(platform.db, { actor, app: name, right: 'app.view' });
  const rows = await platform.db.release.findMany({
    where: { appId: app.id },
    orderBy: { version: 'desc' },
    take: Math.min(limit, 200),
    include: releaseInclude,
  });
  const users = await platform.db.user.findMany({ where: { id: { in: rows.map(({ userId }) => userId) } } });
  return rows.map((row) => toReleaseView(row, users, app.currentReleaseId));
}
