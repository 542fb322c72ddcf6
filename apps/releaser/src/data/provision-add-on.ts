import { UserError } from '@berth/domain/errors';
import { toFinalError } from '@berth/jobs/to-final-error';
import type { JobContext } from '@berth/jobs/work';
import { finishProvision } from '@berth/platform/add-ons/finish-provision';
import { startProvision } from '@berth/platform/add-ons/start-provision';
import type { Releaser } from '../releaser.js';
import { makeDatabase } from './make-database.js';
import { makeRedis } from './redis-server.js';

/** Makes what an add-on's row promises. A run after a kill -9 at any line comes to the same end. */
export async function provisionAddOn(
  releaser: Releaser,
  { addOnId }: { addOnId: string },
  context: JobContext,
): Promise<void> {
  const { platform, data } = releaser;
  const { lease } = context;
  const work = await startProvision(platform, { addOnId });
  if (!work) return;
  try {
    if ('server' in work) await makeRedis(releaser, work);
    else if (data) await makeDatabase(data, work, context.signal);
    else throw new UserError('unsupported', 'This Berth has no data server.');
  } catch (thrown) {
    const { message } = toFinalError(thrown, context, releaser.logger);
    return finishProvision(platform, { addOnId, lease, errorMessage: message });
  }
  await finishProvision(platform, { addOnId, lease });
}
