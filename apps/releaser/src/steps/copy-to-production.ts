import { UserError } from '@berth/domain/errors';
import { copyImage } from '@berth/images/copy-image';
import type { ReleaseWork } from '@berth/platform/rollouts/read-work';
import { digestsOf } from '../image-ref.js';
import type { Releaser } from '../releaser.js';

/** Repository of the production registry that holds every layer once, to be mounted from. */
const shared = 'layers';

/** The same image, by digest, in the registry that production pulls from: nothing is built, only missing blobs travel. */
export async function copyToProduction({ registry, production }: Releaser, { image }: ReleaseWork): Promise<void> {
  if (!production)
    throw new UserError(
      'unsupported',
      "The environment's images come from the production registry, and this Berth has none any more.",
    );
  const { prefix } = production;
  const from = { registry, repository: image.repository };
  const to = {
    registry: production.registry,
    repository: `${prefix}${image.repository}`,
    shared: `${prefix}${shared}`,
  };
  for (const digest of digestsOf(image)) await copyImage(from, to, digest);
}
