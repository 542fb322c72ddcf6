import { setEnvironmentSubnet } from '@berth/platform/environments/set-environment-subnet';
import type { ReleaseWork } from '@berth/platform/rollouts/read-work';
import type { Releaser } from '../releaser.js';

/** Everything that an instance needs on its host before it starts: the image's layers and the environment's network. */
export async function pullImage({ platform, engine }: Releaser, { app, image }: ReleaseWork): Promise<void> {
  const { environmentId, environmentKind: kind } = app;
  const prepareNetwork = async () => {
    const { subnet } = await engine.ensureNetwork({ environmentId, kind });
    await setEnvironmentSubnet(platform, { environmentId, subnet });
  };
  const digests = new Set([image.digest, ...image.processTypes.flatMap(({ imageDigest }) => imageDigest ?? [])]);
  const pulls = [...digests].map((digest) => engine.pullImage({ repository: image.repository, digest }));
  await Promise.all([...pulls, prepareNetwork()]);
}
