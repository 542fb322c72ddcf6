import { addJob } from '@berth/jobs/outbox';
import { type Platform, transaction } from '../platform.js';

/** Has the builder write the SBOM and the provenance record of an image again, because they are not in the registry. */
export async function askDescription(platform: Platform, { imageId }: { imageId: string }): Promise<void> {
  await transaction(platform, async (tx, after) => {
    after.jobs.push(await addJob(tx, 'image.describe', { imageId }));
  });
}
