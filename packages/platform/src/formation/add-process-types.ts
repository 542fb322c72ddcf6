import type { Tx } from '@berth/db/client';
import { firstScale } from '@berth/domain/formation';
import { type ProcessType, releaseProcess } from '@berth/domain/process-type';
import { readSurroundings } from './read-formation.js';

/** Gives process types that the app did not have their first quantity and size; known ones keep what they were scaled to. */
export async function addProcessTypes(tx: Tx, appId: string, types: readonly ProcessType[]): Promise<void> {
  const environment = await readSurroundings(tx, appId);
  await tx.formation.createMany({
    data: types
      .filter(({ name }) => name !== releaseProcess)
      .map((type) => ({ appId, processType: type.name, ...firstScale(type, environment) })),
    skipDuplicates: true,
  });
}
