import { assertLease, type Lease } from '@berth/jobs/lease';
import { type Platform, transaction } from '../platform.js';

/** Its apps and its network are gone: so is its row. */
export async function finishDestroyProject(
  platform: Platform,
  { environmentId, lease }: { environmentId: string; lease: Lease },
): Promise<void> {
  await transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    await tx.environment.deleteMany({ where: { id: environmentId, destroyedAt: { not: null }, apps: { none: {} } } });
    after.wake.push('routes');
  });
}
