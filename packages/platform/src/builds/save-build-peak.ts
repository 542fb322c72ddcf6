import { assertLease, type Lease } from '@berth/jobs/lease';
import { type Platform, transaction } from '../platform.js';

/** Keeps the most memory that a build's jail took, bytes: the next builds of its app are admitted by it. */
export async function saveBuildPeak(
  platform: Platform,
  { buildId, lease, peakBytes }: { buildId: string; lease: Lease; peakBytes: number },
): Promise<void> {
  await transaction(platform, async (tx) => {
    await assertLease(tx, lease);
    await tx.build.update({ where: { id: buildId }, data: { peakMemoryBytes: BigInt(peakBytes) } });
  });
}
