import { NotYetError } from '@berth/jobs/not-yet';
import { toFinalError } from '@berth/jobs/to-final-error';
import type { JobContext } from '@berth/jobs/work';
import { finishGrowth } from '@berth/platform/add-ons/finish-growth';
import { readGrowth } from '@berth/platform/add-ons/read-growth';
import type { Releaser } from '../releaser.js';

/** How soon to look again whether a container has it still, ms. */
const lookEveryMs = 2_000;

/** Gives a volume the size that its row wants, once no container has it. A run after a kill -9 at any line comes to the same end. */
export async function growVolume(
  { platform, engine, logger }: Pick<Releaser, 'platform' | 'engine' | 'logger'>,
  { addOnId }: { addOnId: string },
  context: JobContext,
): Promise<void> {
  const { lease } = context;
  const growth = await readGrowth(platform, { addOnId });
  if (!growth) return;
  const { key, plan, sizeBytes } = growth;
  try {
    if (!(await engine.growVolume({ key, sizeBytes })))
      throw new NotYetError('a container has the volume still', lookEveryMs);
  } catch (thrown) {
    const { message } = toFinalError(thrown, context, logger);
    return finishGrowth(platform, { addOnId, plan, lease, errorMessage: message });
  }
  await finishGrowth(platform, { addOnId, plan, lease });
}
