import { diffPackages } from '@berth/domain/rebase';
import { z } from 'zod';
import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';
import { findRebaseFor, isOfTeamOf } from './find-rebase-for.js';
import {
  type RebaseAppView,
  type RebaseDetail,
  rebaseAppInclude,
  toRebaseAppView,
  toRebaseView,
} from './rebase-view.js';

export type { RebaseDetail };

/** One rebase with those of its apps that the actor may see, in the order of their waves. */
export async function getRebase(
  platform: Platform,
  { actor, rebase: id }: { actor: Actor; rebase: string },
): Promise<RebaseDetail> {
  const row = await findRebaseFor(platform, { actor, rebase: id });
  const [users, apps] = await Promise.all([
    platform.db.user.findMany({ where: { id: row.userId } }),
    platform.db.rebaseApp.findMany({
      where: { rebaseId: id, app: isOfTeamOf(actor) },
      include: rebaseAppInclude,
      orderBy: [{ wave: 'asc' }, { app: { name: 'asc' } }],
    }),
  ]);
  const counts: RebaseDetail['counts'] = {};
  for (const { status } of apps) counts[status] = (counts[status] ?? 0) + 1;
  const views = apps.map(toRebaseAppView);
  return { ...toRebaseView(row, users, counts), apps: views, moves: await readMoves(platform, views) };
}

/** Each pair of bases once: a hundred apps move between the same two. */
async function readMoves(platform: Platform, apps: readonly RebaseAppView[]): Promise<RebaseDetail['moves']> {
  const pairs = new Map<string, { from: string; to: string }>();
  for (const { changes } of apps)
    for (const change of [changes.stack, changes.runtime])
      if (change)
        pairs.set(`${change.from.digest} ${change.to.digest}`, { from: change.from.digest, to: change.to.digest });
  const digests = [...pairs.values()].flatMap(({ from, to }) => [from, to]);
  const bases = await platform.db.base.findMany({ where: { digest: { in: digests } } });
  const packagesOf = (digest: string) =>
    z.array(z.string()).safeParse(bases.find((base) => base.digest === digest)?.packages).data;
  return [...pairs.values()].map(({ from, to }) => {
    const [old, young] = [packagesOf(from), packagesOf(to)];
    return { from, to, packages: old && young ? diffPackages(old, young) : null };
  });
}
