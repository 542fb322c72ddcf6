import { UserError } from '@berth/domain/errors';
import { copyImage } from '@berth/images/copy-image';
import { openPushGate } from '@berth/platform/registry/open-push-gate';
import type { ReleaseWork } from '@berth/platform/rollouts/read-work';
import { digestsOf } from '../image-ref.js';
import type { Releaser } from '../releaser.js';

/** Repository of the production registry that holds every layer once, to be mounted from. */
const shared = 'layers';

/**
 * The same image, by digest, in the registry that production pulls from: nothing is built, only missing blobs travel. It waits
 * while a collection frees blobs in that registry, which it does where it is ours; a registry of somebody else's keeps nobody
 * waiting.
 */
export async function copyToProduction(
  { platform, registry, production }: Releaser,
  { image }: ReleaseWork,
  signal: AbortSignal,
): Promise<void> {
  if (!production)
    throw new UserError(
      'unsupported',
      "The environment's images come from the production registry, and this Berth has none any more.",
    );
  const { prefix, isOurs } = production;
  const from = { registry, repository: image.repository };
  const to = {
    registry: production.registry,
    repository: `${prefix}${image.repository}`,
    shared: `${prefix}${shared}`,
  };
  const copy = async () => {
    for (const digest of digestsOf(image)) await copyImage(from, to, digest);
  };
  if (isOurs) await openPushGate(platform)(`production/${to.repository}`, copy, signal);
  else await copy();
}
