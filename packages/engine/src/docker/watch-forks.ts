import type { DockerHost } from './docker-host.js';
import type { Jail } from './make-jail.js';
import { readCounters } from './read-counters.js';

const everyMs = 500;
/** A package manager that is refused a few threads gets along; a fork bomb is refused thousands of times a second. */
const refusedMax = 500;

/** Calls `onBomb` once when a command of a jail goes on forking against its limit of processes. */
export function watchForks(
  host: DockerHost,
  jail: Jail,
  before: number | null,
  onBomb: () => void,
): { stop: () => void } {
  let isOver = false;
  const look = async () => {
    const { refusedForks } = await readCounters(host, jail.containerId);
    // A look that was on its way when the command ended must not kill the next one.
    if (isOver || (refusedForks ?? 0) - (before ?? 0) <= refusedMax) return;
    stop();
    onBomb();
  };
  const timer = setInterval(look, everyMs);
  const stop = () => {
    isOver = true;
    clearInterval(timer);
  };
  return { stop };
}
