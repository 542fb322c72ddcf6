import { UserError } from '@berth/domain/errors';
import { toFinalError } from '@berth/jobs/to-final-error';
import type { JobContext } from '@berth/jobs/work';
import { failPromotion } from '@berth/platform/promotions/fail-promotion';
import { releasePromoted } from '@berth/platform/promotions/release-promoted';
import { takeUpPromotion } from '@berth/platform/promotions/take-up-promotion';
import type { Releaser } from './releaser.js';

/** Of one gate; an app that sleeps wakes meanwhile. */
const gateMs = 15_000;

/**
 * A promotion that nobody's approval is missing of: checks its gates, then makes its release, which says how it ends. Run
 * again after a kill it checks again, or finds its release made.
 */
export async function runPromotion(
  releaser: Releaser,
  { promotionId }: { promotionId: string },
  context: JobContext,
): Promise<void> {
  const { platform } = releaser;
  const { lease } = context;
  const work = await takeUpPromotion(platform, { promotionId, lease });
  if (!work) return;
  try {
    for (const { path } of work.gates) await checkGate(releaser, work.sourceHost, path);
    await releasePromoted(platform, { promotionId, lease });
  } catch (thrown) {
    const error = toFinalError(thrown, context, releaser.logger);
    await failPromotion(platform, { promotionId, lease, error });
  }
}

/** The app that is promoted from must answer with 2xx, as people reach it. */
async function checkGate({ engine, platform }: Releaser, hostName: string, path: string): Promise<void> {
  const port = platform.addresses.appsPort;
  const status = await engine.askApp({ port, hostName, path, timeoutMs: gateMs });
  if (status !== undefined && status >= 200 && status < 300) return;
  const said = status === undefined ? `did not answer within ${gateMs / 1_000} s` : `answered ${status}`;
  throw new UserError('conflict', `The gate ${path} is shut: ${hostName} ${said}, and 2xx is asked for.`);
}
