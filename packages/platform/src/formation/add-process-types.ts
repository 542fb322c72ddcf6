import type { Tx } from '@berth/db/client';
import { firstQuantity, releaseProcess } from '@berth/domain/process-type';

/** Gives process types that the app did not have their first quantity; known ones keep what they were scaled to. */
export async function addProcessTypes(tx: Tx, appId: string, names: readonly string[]): Promise<void> {
  await tx.formation.createMany({
    data: names
      .filter((name) => name !== releaseProcess)
      .map((processType) => ({ appId, processType, quantity: firstQuantity(processType) })),
    skipDuplicates: true,
  });
}
