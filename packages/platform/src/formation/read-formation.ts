import type { Db, Tx } from '@berth/db/client';
import type { Surroundings } from '@berth/domain/environment-policy';
import { type FormationEntry, joinFormation } from '@berth/domain/formation';
import type { ProcessType } from '@berth/domain/process-type';
import { surroundings } from '../surroundings.js';

/** The formation of an app for an image's process types; one that was never scaled has its first quantity. */
export async function readFormation(
  db: Db | Tx,
  appId: string,
  processTypes: readonly ProcessType[],
): Promise<FormationEntry[]> {
  const rows = await db.formation.findMany({ where: { appId } });
  return joinFormation(rows, processTypes, await readSurroundings(db, appId));
}

export async function readSurroundings(db: Db | Tx, appId: string): Promise<Surroundings> {
  const { environment } = await db.app.findUniqueOrThrow({
    where: { id: appId },
    select: { environment: { select: surroundings } },
  });
  return environment;
}
