import Docker from 'dockerode';
import type { ImageRef } from '../src/interface.js';

const repository = 'test/engine';

/** The platform image in the test's registry, as an app's image would be: something with a shell, curl and perl. */
export async function pushedPlatformImage(platformImage: string, registryHost: string): Promise<ImageRef> {
  const docker = new Docker({ socketPath: process.env.DOCKER_SOCKET ?? '/var/run/docker.sock' });
  const url = `http://${registryHost}/v2/${repository}/manifests/latest`;
  const accept = 'application/vnd.docker.distribution.manifest.v2+json';
  const findDigest = async () =>
    (await fetch(url, { method: 'HEAD', headers: { accept } })).headers.get('docker-content-digest');
  let digest = await findDigest();
  if (!digest) {
    const name = `${registryHost}/${repository}`;
    await docker.getImage(platformImage).tag({ repo: name, tag: 'latest' });
    const authconfig = { username: '', password: '', serveraddress: '' };
    const progress = await docker.getImage(`${name}:latest`).push({ authconfig });
    await new Promise<void>((resolve, reject) =>
      docker.modem.followProgress(progress, (error) => (error ? reject(error) : resolve())),
    );
    digest = await findDigest();
  }
  return { repository, digest: digest! };
}
