import { NotYetError } from '@berth/jobs/not-yet';
import { listPlanned } from '@berth/platform/rebases/list-planned';
import { releaseRebased } from '@berth/platform/rebases/release-rebased';
import { replanApp } from '@berth/platform/rebases/replan-app';
import { type RebaseProgress, settleApps } from '@berth/platform/rebases/settle-apps';
import { runtimes } from '@berth/runtimes/catalogue';
import { toOutcome } from './plan-apps.js';
import type { RunningRebase } from './running-rebase.js';
import { writeImage } from './write-images.js';

/** How long a run of the job waits for a wave before it gives its place to others and comes again, ms. */
const waitMs = 3_000;

const titles = Object.fromEntries(Object.entries(runtimes).map(([name, { title }]) => [name, title]));

/**
 * Makes the releases of the next wave once the one before is live, and nothing more after one that failed. Returns those
 * that failed, when all is over; throws NotYetError while a wave rolls out.
 */
export async function releaseWaves(rebase: RunningRebase): Promise<RebaseProgress['failed']> {
  const { builder, work, context } = rebase;
  const { platform } = builder;
  for (;;) {
    context.signal.throwIfAborted();
    const of = { rebaseId: work.id, lease: context.lease };
    const { releasing, failed } = await settleApps(platform, of);
    if (releasing.length > 0) {
      await platform.wake.wait(
        releasing.map(({ releaseId }) => `release:${releaseId}` as const),
        waitMs,
        context.signal,
      );
      const { releasing: still } = await settleApps(platform, of);
      if (still.length > 0) throw new NotYetError('a wave of the rebase rolls out');
      continue;
    }
    const planned = await listPlanned(platform, { rebaseId: work.id });
    if (failed.length > 0 || planned.length === 0) return failed;
    const wave = planned.filter((row) => row.wave === planned[0]!.wave);
    for (const row of wave) await releaseApp(rebase, row);
  }
}

type Row = Awaited<ReturnType<typeof listPlanned>>[number];

/** Releases one app; when something newer was released since the plan, that is moved in its place. */
async function releaseApp(rebase: RunningRebase, row: Row): Promise<void> {
  const { builder, context } = rebase;
  const { lease } = context;
  const asked = { rebaseAppId: row.id, titles, lease };
  const again = await releaseRebased(builder.platform, asked);
  if (!again) return;
  const outcome = toOutcome(await rebase.planOf(again.newer));
  await replanApp(builder.platform, { rebaseAppId: row.id, imageId: again.newer.id, outcome, lease });
  if (outcome.kind !== 'move') return;
  await writeImage(rebase, { ...row, image: again.newer });
  // Once more something newer: the next round sees it.
  await releaseRebased(builder.platform, asked);
}
