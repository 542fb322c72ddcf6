import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';
import { type AppView, appViewInclude, toAppView } from './app-view.js';

export type { AppView };

/** All apps of the actor's teams, by name. */
export async function listApps(platform: Platform, { actor }: { actor: Actor }): Promise<AppView[]> {
  const rows = await platform.db.app.findMany({
    where: { destroyedAt: null, team: { memberships: { some: { userId: actor.userId } } } },
    include: appViewInclude,
    orderBy: { name: 'asc' },
  });
  const users = await platform.db.user.findMany({ where: { id: { in: rows.map((row) => row.createdById) } } });
  return rows.map((row) => toAppView(platform, row, users));
}
