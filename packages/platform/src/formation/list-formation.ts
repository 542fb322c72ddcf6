import type { Db, Tx } from '@berth/db/client';
import type { FormationEntry } from '@berth/domain/formation';
import { processTypesIn } from '@berth/domain/run-settings';
import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import type { Platform } from '../platform.js';
import { readFormation } from './read-formation.js';

export type { FormationEntry };

/** The process types of the current release with what is wanted of each; none before the first deploy. */
export async function listFormation(
  platform: Platform,
  { actor, app: name }: { actor: Actor; app: string },
): Promise<FormationEntry[]> {
  const app = await getAppFor(platform.db, { actor, app: name, right: 'app.view' });
  return readCurrentFormation(platform.db, app);
}

export async function readCurrentFormation(
  db: Db | Tx,
  app: { id: string; currentReleaseId: string | null },
): Promise<FormationEntry[]> {
  const release = app.currentReleaseId
    ? await db.release.findUnique({ where: { id: app.currentReleaseId }, include: { image: true } })
    : null;
  if (!release?.image) return [];
  return readFormation(db, app.id, processTypesIn(release.image, release.sections));
}
