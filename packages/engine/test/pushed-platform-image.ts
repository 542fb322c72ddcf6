import { Readable } from 'node:stream';
import Docker from 'dockerode';
import type { ImageRef } from '../src/interface.js';

const repository = 'test/engine';

/** Who these tests are in a registry that asks for it: name and secret stand in the address of its token server. */
const signIn = process.env.TEST_REGISTRY_TOKEN_URL ? new URL(process.env.TEST_REGISTRY_TOKEN_URL) : undefined;
const username = signIn?.username ?? '';
const password = signIn?.password ?? '';

/** A token to pull with. */
export async function pullToken(name: string): Promise<string> {
  const query = new URLSearchParams({ service: 'berth', scope: `repository:${name}:pull` });
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const answer = await fetch(`${signIn?.origin}${signIn?.pathname}?${query}`, { headers: { authorization } });
  return ((await answer.json()) as { token: string }).token;
}

/** The platform image in the test's registry, as an app's image would be: something with a shell, curl and perl. */
export async function pushedPlatformImage(platformImage: string, registryHost: string): Promise<ImageRef> {
  return pushed(registryHost, 'latest', (docker, name) => docker.getImage(platformImage).tag(name));
}

/** An image with nothing in it, not even a shell. */
export function pushedEmptyImage(registryHost: string): Promise<ImageRef> {
  const emptyTar = Buffer.alloc(1024);
  return pushed(registryHost, 'empty', (docker, name) => docker.importImage(Readable.from([emptyTar]), name));
}

async function pushed(
  registryHost: string,
  tag: string,
  make: (docker: Docker, name: { repo: string; tag: string }) => Promise<unknown>,
): Promise<ImageRef> {
  const docker = new Docker({ socketPath: process.env.DOCKER_SOCKET ?? '/var/run/docker.sock' });
  const url = `http://${registryHost}/v2/${repository}/manifests/${tag}`;
  const accept = 'application/vnd.docker.distribution.manifest.v2+json';
  const findDigest = async () => {
    const authorization = signIn ? { authorization: `Bearer ${await pullToken(repository)}` } : {};
    const answer = await fetch(url, { method: 'HEAD', headers: { accept, ...authorization } });
    return answer.headers.get('docker-content-digest');
  };
  let digest = await findDigest();
  if (!digest) {
    const name = `${registryHost}/${repository}`;
    await make(docker, { repo: name, tag });
    const authconfig = { username, password, serveraddress: '' };
    const progress = await docker.getImage(`${name}:${tag}`).push({ authconfig });
    await new Promise<void>((resolve, reject) =>
      docker.modem.followProgress(progress, (error) => (error ? reject(error) : resolve())),
    );
    digest = await findDigest();
  }
  return { repository, digest: digest! };
}
