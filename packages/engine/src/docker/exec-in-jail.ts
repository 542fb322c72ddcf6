import { TransientError } from '@berth/domain/errors';
import type { JailCommand, JailResult } from '../interface.js';
import { wasDiskFull } from './disks.js';
import { statusOf, unlessStatus } from './docker-errors.js';
import type { DockerHost } from './docker-host.js';
import { execIn } from './exec.js';
import type { Jail } from './make-jail.js';
import { readMemoryFigures } from './memory-figures.js';

/**
 * Runs one command in a jail. When `signal` is aborted the daemon kills the jail's first process, and the kernel with it
 * every process of the jail, whatever session or signal mask it has; then it rejects with the signal's reason.
 */
export async function execInJail(
  host: DockerHost,
  jail: Jail,
  command: JailCommand,
  onOutput: (chunk: Buffer) => unknown,
  signal: AbortSignal,
): Promise<JailResult> {
  signal.throwIfAborted();
  const container = host.docker.getContainer(jail.containerId);
  let killed: Promise<unknown> = Promise.resolve();
  const kill = () => {
    killed = unlessStatus([404, 409], container.kill());
    killed.catch((error: unknown) => host.note('kill jail', { err: error }));
  };
  signal.addEventListener('abort', kill, { once: true });
  try {
    const before = await readMemoryFigures(host, jail.containerId);
    const { exitCode } = await execIn(container, command, (_stream, chunk) =>
      signal.aborted ? undefined : onOutput(chunk),
    );
    signal.throwIfAborted();
    const after = await readMemoryFigures(host, jail.containerId);
    return {
      exitCode,
      isOutOfMemory:
        after.oomKills === null || before.oomKills === null
          ? (await container.inspect()).State.OOMKilled
          : after.oomKills > before.oomKills,
      peakMemoryBytes: after.peakBytes,
      isDiskFull: exitCode !== 0 && (await isDiskFull(host, jail)),
    };
  } catch (error) {
    signal.throwIfAborted();
    if (statusOf(error) === 404 || statusOf(error) === 409)
      throw new TransientError(`Jail ${jail.jailId} is gone.`, { cause: error });
    throw error;
  } finally {
    signal.removeEventListener('abort', kill);
    await killed.catch(() => {});
  }
}

/** ext4 keeps some clusters back: a full disk still shows up to 1 MiB. */
const freeBytesMin = 2 * 1024 * 1024;

/** Full now, or the workspace was full before the build cleaned up behind itself. */
async function isDiskFull(host: DockerHost, jail: Jail): Promise<boolean> {
  if (await wasDiskFull(jail.workspace)) return true;
  const chunks: Buffer[] = [];
  const argv = ['df', '--block-size=1', '--output=avail,iavail', '/workspace', '/cache', '/tmp'];
  await execIn(host.docker.getContainer(jail.containerId), { argv }, (stream, chunk) => {
    if (stream === 'stdout') chunks.push(chunk);
  });
  return parseFree(Buffer.concat(chunks).toString()).some((free) => free.bytes < freeBytesMin || free.inodes === 0);
}

/** Lines of `df --output=avail,iavail`. */
export function parseFree(text: string): { bytes: number; inodes: number }[] {
  return [...text.matchAll(/^\s*(\d+)\s+(\d+)\s*$/gm)].map((match) => ({
    bytes: Number(match[1]),
    inodes: Number(match[2]),
  }));
}
