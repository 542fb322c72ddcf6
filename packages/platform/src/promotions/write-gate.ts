import type { Gate } from '@berth/domain/environment-policy';
import { assertLease, type Lease } from '@berth/jobs/lease';
import { type Platform, transaction } from '../platform.js';

export interface GateEnd {
  /** One sentence; null: it is open. */
  message: string | null;
  /** What its command printed, without secrets. */
  output: string | null;
}

/** What a gate of a promotion (from 1) says; without `end` it is being asked. */
export function writeGate(
  platform: Platform,
  of: { promotionId: string; position: number; gate: Gate; lease: Lease; end?: GateEnd },
): Promise<void> {
  const { promotionId, position, gate, lease, end } = of;
  return transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    const said = end ? { ...end, endedAt: new Date() } : {};
    await tx.promotionGate.upsert({
      where: { promotionId_position: { promotionId, position } },
      create: { promotionId, position, ...gate, ...said },
      update: said,
    });
    after.wake.push(`promotion:${promotionId}`);
  });
}
