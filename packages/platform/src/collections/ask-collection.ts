import { addJob } from '@berth/jobs/outbox';
import type { Actor } from '../actor.js';
import { getTeamFor } from '../auth/get-team-for.js';
import { findDiskScope } from '../disk/find-disk-scope.js';
import { type Platform, transaction } from '../platform.js';
import { type CollectionView, toCollectionView } from './collection-view.js';

/** A clean by hand: of one team by its admins, of everything by who owns the installation. `dryRun` only plans. */
export async function askCollection(
  platform: Platform,
  { actor, team, dryRun }: { actor: Actor; team?: string | undefined; dryRun: boolean },
): Promise<CollectionView> {
  return transaction(platform, async (tx, after) => {
    const scope = team
      ? { teamId: (await getTeamFor(tx, { actor, team, right: 'disk.clean' })).id }
      : await findDiskScope(tx, actor);
    const { userId } = actor;
    const row = await tx.collection.create({ data: { reason: 'person', userId, dryRun, teamId: scope.teamId } });
    after.jobs.push(await addJob(tx, 'registry.collect', { collectionId: row.id }));
    return toCollectionView(row);
  });
}
