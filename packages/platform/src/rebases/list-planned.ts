import type { Platform } from '../platform.js';
import { type RebaseImage, toRebaseImage } from './list-candidates.js';

/** An app of a rebase that has no release of it yet. */
export interface PlannedRow {
  id: string;
  appId: string;
  wave: number;
  image: RebaseImage;
  /** Its moved image lies in the registry. */
  isWritten: boolean;
}

/** Those in order of their waves. */
export async function listPlanned(platform: Platform, { rebaseId }: { rebaseId: string }): Promise<PlannedRow[]> {
  const rows = await platform.db.rebaseApp.findMany({
    where: { rebaseId, status: 'planned' },
    include: { fromImage: true },
    orderBy: [{ wave: 'asc' }, { id: 'asc' }],
  });
  return rows.map(({ id, appId, wave, fromImage, toImageId }) => ({
    id,
    appId,
    wave,
    image: toRebaseImage(fromImage),
    isWritten: toImageId !== null,
  }));
}
