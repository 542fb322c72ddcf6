import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import type { Platform } from '../platform.js';
import { type BuildView, toBuildView } from './build-view.js';
import { buildInclude } from './find-build-for.js';

/** The app's builds, the newest first. @param limit 100 at the most */
export async function listBuilds(
  platform: Platform,
  { actor, app: name, limit = 50 }: { actor: Actor; app: string; limit?: number },
): Promise<BuildView[]> {
  const app = await getAppFor(platform.db, { actor, app: name, right: 'app.view' });
  const rows = await platform.db.build.findMany({
    where: { appId: app.id },
    orderBy: { createdAt: 'desc' },
    take: Math.min(limit, 100),
    include: buildInclude,
  });
  const users = await platform.db.user.findMany({ where: { id: { in: rows.map(({ userId }) => userId) } } });
  return rows.map((row) => toBuildView(row, users));
}
