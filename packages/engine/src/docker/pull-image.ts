import { TransientError } from '@berth/domain/errors';
import type { ImageRef } from '../interface.js';
import { unlessStatus } from './docker-errors.js';
import type { DockerHost } from './docker-host.js';

/** The image as the daemon names it. */
export function imageName(host: Pick<DockerHost, 'settings'>, image: ImageRef): string {
  return `${host.settings.registryPullHost}/${image.repository}@${image.digest}`;
}

const pulling = new Map<string, Promise<void>>();

/** Fetches what the daemon does not have; two callers share one pull. */
export function pullImage(host: DockerHost, image: ImageRef): Promise<void> {
  const name = imageName(host, image);
  const running = pulling.get(name);
  if (running) return running;
  const pull = pullMissing(host, name).finally(() => pulling.delete(name));
  pulling.set(name, pull);
  return pull;
}

async function pullMissing(host: DockerHost, name: string): Promise<void> {
  if (await unlessStatus([404], host.docker.getImage(name).inspect())) return;
  const progress = await host.docker.pull(name).catch((cause: unknown) => {
    throw new TransientError(`Could not pull ${name}: ${String(cause)}`, { cause });
  });
  await new Promise<void>((resolve, reject) =>
    host.docker.modem.followProgress(progress, (error) =>
      error ? reject(new TransientError(`Could not pull ${name}: ${error.message}`, { cause: error })) : resolve(),
    ),
  );
}
