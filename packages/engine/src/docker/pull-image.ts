import { TransientError } from '@berth/domain/errors';
import type { ImageRef } from '../interface.js';
import { unlessStatus } from './docker-errors.js';
import type { DockerHost } from './docker-host.js';

/** The image as the daemon names it. */
export function imageName(host: Pick<DockerHost, 'settings'>, image: ImageRef): string {
  const { registryPullHost, production } = host.settings;
  if (image.registry !== 'production') return `${registryPullHost}/${image.repository}@${image.digest}`;
  if (!production) throw new Error('this host has no production registry');
  return `${production.pullHost}/${image.repository}@${image.digest}`;
}

/** The reverse of {@link imageName}; undefined for images that are not from a registry of ours. */
export function parseImageName(host: Pick<DockerHost, 'settings'>, name: string): ImageRef | undefined {
  const { registryPullHost, production } = host.settings;
  const hosts = [
    ['dev', registryPullHost] as const,
    ...(production ? [['production', production.pullHost] as const] : []),
  ];
  for (const [registry, pullHost] of hosts) {
    const rest = name.startsWith(`${pullHost}/`) ? name.slice(pullHost.length + 1) : '';
    const [, repository, digest] = /^([^@]+)@(sha256:[0-9a-f]{64})$/.exec(rest) ?? [];
    if (repository && digest) return { repository, digest, registry };
  }
  return undefined;
}

const pulling = new Map<string, Promise<void>>();

/** Fetches what the daemon does not have; two callers share one pull. */
export function pullImage(host: DockerHost, image: ImageRef): Promise<void> {
  const name = imageName(host, image);
  const running = pulling.get(name);
  if (running) return running;
  const pull = pullMissing(host, image, name).finally(() => pulling.delete(name));
  pulling.set(name, pull);
  return pull;
}

async function pullMissing(host: DockerHost, image: ImageRef, name: string): Promise<void> {
  if (await unlessStatus([404], host.docker.getImage(name).inspect())) return;
  const authconfig = await authorizePull(host, image);
  const progress = await host.docker.pull(name, authconfig ? { authconfig } : {}).catch((cause) => {
    throw new TransientError(`Could not pull ${name}: ${String(cause)}`, { cause });
  });
  await new Promise<void>((resolve, reject) =>
    host.docker.modem.followProgress(progress, (error) =>
      error ? reject(new TransientError(`Could not pull ${name}: ${error.message}`, { cause: error })) : resolve(),
    ),
  );
}

/** The daemon sends a token as it is and asks no token server for one (Engine API, X-Registry-Auth: registrytoken). */
async function authorizePull({ settings }: DockerHost, { registry, repository }: ImageRef) {
  if (registry === 'production') return settings.production?.authorizePull(repository);
  const registrytoken = await settings.pullToken?.(repository);
  return registrytoken === undefined ? undefined : { registrytoken };
}
