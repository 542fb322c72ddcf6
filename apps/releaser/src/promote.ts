import { UserError } from '@berth/domain/errors';
import { toFinalError } from '@berth/jobs/to-final-error';
import type { JobContext } from '@berth/jobs/work';
import { failPromotion } from '@berth/platform/promotions/fail-promotion';
import { isPromotionRunning } from '@berth/platform/promotions/is-promotion-running';
import { releasePromoted } from '@berth/platform/promotions/release-promoted';
import { type PromotionWork, takeUpPromotion } from '@berth/platform/promotions/take-up-promotion';
import { writeGate } from '@berth/platform/promotions/write-gate';
import { checkGate } from './check-gate.js';
import type { Releaser } from './releaser.js';
import { runWatched } from './run-watched.js';

/**
 * A promotion that nobody's approval is missing of: checks its gates, then makes its release, which says how it ends. Run
 * again after a kill it checks again, or finds its release made.
 */
export async function runPromotion(
  releaser: Releaser,
  { promotionId }: { promotionId: string },
  context: JobContext,
): Promise<void> {
  const { platform, engine } = releaser;
  const { lease } = context;
  const key = `gate-${promotionId}`;
  await engine.removeOneOff(key); // what an earlier try has begun
  const work = await takeUpPromotion(platform, { promotionId, lease });
  if (!work) return;
  try {
    const watched = {
      ...{ topic: `promotion:${promotionId}` as const, signal: context.signal, stop: new AbortController() },
      isAsked: async () => !(await isPromotionRunning(platform, { promotionId })),
      why: new UserError('cancelled', 'The promotion was cancelled.'),
    };
    await runWatched(releaser, watched, (signal) =>
      checkGates(releaser, { promotionId, key, work }, { ...context, signal }),
    );
    await releasePromoted(platform, { promotionId, lease });
  } catch (thrown) {
    const error = toFinalError(thrown, context, releaser.logger);
    await failPromotion(platform, { promotionId, lease, error });
  }
}

/** One after the other; the first that is shut ends it. */
async function checkGates(
  releaser: Releaser,
  { promotionId, key, work }: { promotionId: string; key: string; work: PromotionWork },
  { lease, signal }: JobContext,
): Promise<void> {
  const source = { hostName: work.sourceHost, work: work.source, key };
  for (const [index, gate] of work.gates.entries()) {
    const of = { promotionId, position: index + 1, gate, lease };
    await writeGate(releaser.platform, of);
    const end = await checkGate(releaser, { gate, position: index + 1, source, signal });
    await writeGate(releaser.platform, { ...of, end });
    if (end.message !== null) throw new UserError('conflict', end.message);
  }
}
