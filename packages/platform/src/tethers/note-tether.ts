import type { Actor } from '../actor.js';
import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';

/** Who was connected to a stable environment, and when: from there a machine can do what its apps can. */
export async function noteTether(
  platform: Platform,
  { actor: { userId }, environmentId }: { actor: Actor; environmentId: string },
): Promise<void> {
  await transaction(platform, async (tx) => {
    const { teamId } = await tx.environment.findUniqueOrThrow({ where: { id: environmentId } });
    await addEvent(tx, { name: 'environment.tethered', noun: 'environment', nounId: environmentId, teamId, userId });
  });
}
