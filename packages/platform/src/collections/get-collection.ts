import { notFound } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { findDiskScope } from '../disk/find-disk-scope.js';
import type { Platform } from '../platform.js';
import { type CollectionView, toCollectionView } from './collection-view.js';

export type { CollectionView };

/** One collection, for who asked for it and for who owns the installation. */
export async function getCollection(
  platform: Platform,
  { actor, id }: { actor: Actor; id: string },
): Promise<CollectionView> {
  const row = await platform.db.collection.findUnique({ where: { id } });
  const isOwn = row?.userId === actor.userId;
  const { teamId } = isOwn ? { teamId: null } : await findDiskScope(platform.db, actor);
  if (!row || (!isOwn && teamId !== null && row.teamId !== teamId)) throw notFound('collection', id);
  return toCollectionView(row);
}

/** The newest collections that the actor may see. */
export async function listCollections(
  platform: Platform,
  { actor, limit = 20 }: { actor: Actor; limit?: number },
): Promise<CollectionView[]> {
  const { teamId } = await findDiskScope(platform.db, actor);
  const rows = await platform.db.collection.findMany({
    where: teamId === null ? {} : { OR: [{ teamId }, { userId: actor.userId }] },
    orderBy: { createdAt: 'desc' },
    take: limit,
  });
  return rows.map(toCollectionView);
}
