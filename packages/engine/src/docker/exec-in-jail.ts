import { TransientError } from '@berth/domain/errors';
import type { JailCommand, JailResult } from '../interface.js';
import { statusOf, unlessStatus } from './docker-errors.js';
import type { DockerHost } from './docker-host.js';
import { execIn } from './exec.js';
import type { Jail } from './make-jail.js';
import { readCounters } from './read-counters.js';
import { watchForks } from './watch-forks.js';
import { watchFreeSpace } from './watch-free-space.js';

/**
 * Runs one command in a jail. When `signal` is aborted the daemon kills the jail's first process, and the kernel with it
 * every process of the jail, whatever session or signal mask it has; then it rejects with the signal's reason. A
 * fork bomb is killed in the same way.
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
  const space = watchFreeSpace(host, jail);
  const before = await readCounters(host, jail.containerId);
  let isForkBomb = false;
  const forks = watchForks(host, jail, before.refusedForks, () => {
    isForkBomb = true;
    kill();
  });
  try {
    const { exitCode } = await execIn(container, command, (_stream, chunk) =>
      signal.aborted ? undefined : onOutput(chunk),
    );
    signal.throwIfAborted();
    const after = await readCounters(host, jail.containerId);
    return {
      exitCode,
      isOutOfMemory:
        after.oomKills === null || before.oomKills === null
          ? (await container.inspect()).State.OOMKilled
          : after.oomKills > before.oomKills,
      peakMemoryBytes: after.peakBytes,
      isDiskFull: exitCode !== 0 && !isForkBomb && (await space.stop(true)),
      isForkBomb,
    };
  } catch (error) {
    signal.throwIfAborted();
    if (isForkBomb)
      return { exitCode: 137, isOutOfMemory: false, peakMemoryBytes: null, isDiskFull: false, isForkBomb };
    if (statusOf(error) === 404 || statusOf(error) === 409)
      throw new TransientError(`Jail ${jail.jailId} is gone.`, { cause: error });
    throw error;
  } finally {
    signal.removeEventListener('abort', kill);
    forks.stop();
    await space.stop(false);
    await killed.catch(() => {});
  }
}
