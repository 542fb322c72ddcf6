import type Docker from 'dockerode';
import { statusOf } from './docker-errors.js';
import type { DockerHost } from './docker-host.js';
import { execIn } from './exec.js';

/** Who does not answer in time (the host is busy) counts as one that works: a freeze can wait, a job can not, ms. */
const withinMs = 5_000;

/**
 * Whether a process in one of these containers says that it works: by listening on an abstract unix socket whose name begins with
 * `berth-busy` (docs/environments.md). Read by `cat` in the container itself, as listening ports are; one that is gone, stands
 * still, or has no `cat` says nothing. A process is spawned for each: for decisions, not for looks that are made again and again.
 */
export async function saysBusy({ docker }: DockerHost, containerIds: readonly string[]): Promise<boolean> {
  const said = await Promise.all(containerIds.map((id) => hasBusySocket(docker.getContainer(id))));
  return said.includes(true);
}

async function hasBusySocket(container: Docker.Container): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => setTimeout(resolve, withinMs, true).unref());
  return Promise.race([late, readSockets(container).then((text) => namesBusySocket(text))]);
}

async function readSockets(container: Docker.Container): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    await execIn(container, { argv: ['cat', '/proc/net/unix'] }, (stream, chunk) => {
      if (stream === 'stdout') chunks.push(chunk);
    });
  } catch (error) {
    if (statusOf(error) !== 404 && statusOf(error) !== 409) throw error;
  }
  return Buffer.concat(chunks).toString();
}

/** In the text of /proc/net/unix (unix(7)): the path comes last, `@` stands for the NUL of an abstract name. */
export const namesBusySocket = (text: string): boolean => /^.* @berth-busy\S*$/m.test(text);
