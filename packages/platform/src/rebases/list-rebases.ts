import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';
import { isOfTeamOf, isVisibleTo } from './find-rebase-for.js';
import { type RebaseView, toRebaseView } from './rebase-view.js';

export type { RebaseView };

/** The newest 100 rebases that the actor started or that reached an app of the actor's teams. */
export async function listRebases(platform: Platform, { actor }: { actor: Actor }): Promise<RebaseView[]> {
  const rows = await platform.db.rebase.findMany({
    where: isVisibleTo(actor),
    orderBy: { createdAt: 'desc' },
    take: 100,
  });
  const [users, counts] = await Promise.all([
    platform.db.user.findMany({ where: { id: { in: rows.map(({ userId }) => userId) } } }),
    platform.db.rebaseApp.groupBy({
      by: ['rebaseId', 'status'],
      where: { rebaseId: { in: rows.map(({ id }) => id) }, app: isOfTeamOf(actor) },
      _count: { _all: true },
    }),
  ]);
  return rows.map((row) =>
    toRebaseView(
      row,
      users,
      Object.fromEntries(
        counts.filter(({ rebaseId }) => rebaseId === row.id).map(({ status, _count }) => [status, _count._all]),
      ),
    ),
  );
}
