import { UserError } from '@berth/domain/errors';
import { NotYetError } from '@berth/jobs/not-yet';
import { toFinalError } from '@berth/jobs/to-final-error';
import type { JobContext } from '@berth/jobs/work';
import { finishRebase } from '@berth/platform/rebases/finish-rebase';
import { settleApps } from '@berth/platform/rebases/settle-apps';
import { takeUpRebase } from '@berth/platform/rebases/take-up-rebase';
import type { Builder } from '../builder.js';
import { planApps } from './plan-apps.js';
import { releaseWaves } from './release-waves.js';
import { openRunningRebase } from './running-rebase.js';
import { writeImages } from './write-images.js';

/** How soon the releases of a rebase that is over are looked at again, ms. */
const followMs = 3_000;

/** The workflow of one rebase. It comes here again for each wave, and after a kill -9 at any line. */
export async function runRebase(
  builder: Builder,
  { rebaseId }: { rebaseId: string },
  context: JobContext,
): Promise<void> {
  const { platform } = builder;
  const { lease } = context;
  const work = await takeUpRebase(platform, { rebaseId, lease });
  if (!work) return followReleases(builder, { rebaseId }, context);
  const rebase = openRunningRebase(builder, work, context);
  try {
    if (!work.isPlanned) await planApps(rebase);
    if (!work.dryRun) {
      await writeImages(rebase);
      const failed = await releaseWaves(rebase);
      if (failed.length > 0) throw stopped(failed);
    }
    await finishRebase(platform, { rebaseId, lease });
  } catch (thrown) {
    const error = toFinalError(thrown, context, builder.logger);
    await finishRebase(platform, { rebaseId, lease, error });
    await followReleases(builder, { rebaseId }, context);
  }
}

/** Releases go on when their rebase was cancelled or has failed: how they ended is written down all the same. */
async function followReleases(
  { platform }: Builder,
  { rebaseId }: { rebaseId: string },
  { lease }: JobContext,
): Promise<void> {
  const { releasing } = await settleApps(platform, { rebaseId, lease });
  if (releasing.length > 0) throw new NotYetError('releases of a rebase that is over roll out', followMs);
}

function stopped(failed: readonly { app: string; message: string }[]): UserError {
  const [first] = failed;
  const others = failed.length > 1 ? ` (and ${failed.length - 1} more)` : '';
  return new UserError('rebase_stopped', `The rebase stopped at ${first!.app}${others}: ${first!.message}`);
}
