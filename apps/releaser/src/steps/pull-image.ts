import { setEnvironmentSubnet } from '@berth/platform/environments/set-environment-subnet';
import type { ReleaseWork } from '@berth/platform/rollouts/read-work';
import { ensureRedisOf } from '../data/redis-server.js';
import { digestsOf, imageRef } from '../image-ref.js';
import type { Releaser } from '../releaser.js';

/** Everything that an instance needs on its host before it starts: the image's layers, the environment's network, its add-ons in it. */
export async function pullImage({ platform, engine }: Releaser, { app, image }: ReleaseWork): Promise<void> {
  const { environmentId, environmentKind: kind } = app;
  const prepareNetwork = async () => {
    const { subnet } = await engine.ensureNetwork({ environmentId, kind });
    await setEnvironmentSubnet(platform, { environmentId, subnet });
  };
  const pulls = digestsOf(image).map((digest) => engine.pullImage(imageRef(image, digest)));
  await Promise.all([...pulls, prepareNetwork()]);
  await ensureRedisOf({ platform, engine }, { appId: app.id });
}
