import { planWaves, type RebaseChanges } from '@berth/domain/rebase';
import { assertLease, type Lease } from '@berth/jobs/lease';
import { type Platform, transaction } from '../platform.js';
import type { Candidate } from './list-candidates.js';

/** What is to become of one app. */
export interface PlannedApp extends Candidate {
  outcome: { kind: 'unchanged' } | { kind: 'refused'; because: string } | { kind: 'move'; changes: RebaseChanges };
}

/** Writes down what a rebase will do, once: a plan that was written stays. Only what moves is in a wave. */
export async function savePlan(
  platform: Platform,
  {
    rebaseId,
    apps,
    waveSize,
    lease,
  }: { rebaseId: string; apps: readonly PlannedApp[]; waveSize: number; lease: Lease },
): Promise<void> {
  await transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    const { count } = await tx.rebase.updateMany({
      where: { id: rebaseId, plannedAt: null },
      data: { plannedAt: new Date() },
    });
    if (count === 0) return;
    const moving = planWaves(
      apps.filter(({ outcome }) => outcome.kind === 'move'),
      waveSize,
    );
    const waves = new Map(moving.map(({ app, wave }) => [app.appId, wave]));
    await tx.rebaseApp.createMany({
      data: apps.map(({ appId, image, outcome }) => ({
        rebaseId,
        appId,
        fromImageId: image.id,
        wave: waves.get(appId) ?? 0,
        status: outcome.kind === 'move' ? ('planned' as const) : outcome.kind,
        changes: outcome.kind === 'move' ? outcome.changes : {},
        message: outcome.kind === 'refused' ? outcome.because : null,
      })),
    });
    after.wake.push(`rebase:${rebaseId}`);
  });
}
