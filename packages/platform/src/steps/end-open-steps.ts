import type { Tx } from '@berth/db/client';

/** What a step belongs to: exactly one of the three. */
export type StepOwner = { buildId: string } | { releaseId: string } | { rolloutId: string };

/** Ends the steps that a killed worker, or a move from outside (cancel), left open. */
export async function endOpenSteps(tx: Tx, owner: StepOwner, errorMessage: string): Promise<void> {
  await tx.step.updateMany({ where: { ...owner, endedAt: null }, data: { endedAt: new Date(), errorMessage } });
}
