import type { Platform } from '../platform.js';
import type { StepOwner } from './end-open-steps.js';

/**
 * Did an earlier try begin this step, or any release of an app? What may be done once at the most asks first, and is a step that
 * is written first.
 */
export async function hasBegunStep(
  platform: Platform,
  owner: StepOwner | { release: { appId: string } },
  name: string,
): Promise<boolean> {
  return (await platform.db.step.findFirst({ where: { ...owner, name }, select: { id: true } })) !== null;
}
