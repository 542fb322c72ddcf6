import { UserError } from '@berth/domain/errors';
import { toFinalError } from '@berth/jobs/to-final-error';
import type { JobContext } from '@berth/jobs/work';
import { finishProvision } from '@berth/platform/add-ons/finish-provision';
import { startProvision, type VolumeWork } from '@berth/platform/add-ons/start-provision';
import type { Releaser } from '../releaser.js';
import type { SleepKeeper } from '../sleep/sleep-keeper.js';
import { makeDatabase } from './make-database.js';
import { makeRedis } from './redis-server.js';

export type Provisioner = Releaser & Pick<SleepKeeper, 'transitions'>;

/**
 * An app's disk, empty or with what another one holds now, whose app stands still and is neither put to sleep nor woken. Resolves with
 * its size, bytes.
 */
function makeVolume({ engine, transitions }: Provisioner, { key, plan, copyOf }: VolumeWork): Promise<number> {
  const { sizeBytes } = plan;
  if (copyOf === null) return engine.ensureVolume({ key, sizeBytes });
  return transitions.run(copyOf.appId, 'copy', () => engine.ensureVolume({ key, sizeBytes, copyOf: copyOf.key }));
}

/** Makes what an add-on's row promises. A run after a kill -9 at any line comes to the same end. */
export async function provisionAddOn(
  releaser: Provisioner,
  { addOnId }: { addOnId: string },
  context: JobContext,
): Promise<void> {
  const { platform, data } = releaser;
  const { lease } = context;
  const work = await startProvision(platform, { addOnId });
  if (!work) return;
  let sizeBytes: number | undefined;
  try {
    if ('key' in work) sizeBytes = await makeVolume(releaser, work);
    else if ('server' in work) await makeRedis(releaser, work);
    else if (data) await makeDatabase(data, work, context.signal);
    else throw new UserError('unsupported', 'This Berth has no data server.');
  } catch (thrown) {
    const { message } = toFinalError(thrown, context, releaser.logger);
    return finishProvision(platform, { addOnId, lease, errorMessage: message });
  }
  await finishProvision(platform, { addOnId, lease, sizeBytes });
}
