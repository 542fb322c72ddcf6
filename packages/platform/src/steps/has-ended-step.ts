import type { Platform } from '../platform.js';
import type { StepOwner } from './end-open-steps.js';

/** Did an earlier try get through this step? What may not run twice (a release phase) asks first. */
export async function hasEndedStep(platform: Platform, owner: StepOwner, name: string): Promise<boolean> {
  const step = await platform.db.step.findFirst({
    where: { ...owner, name, endedAt: { not: null }, errorMessage: null },
    select: { id: true },
  });
  return step !== null;
}
