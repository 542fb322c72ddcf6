import type { Stoppable } from '@berth/daemon/run';
import { isBuildWanted } from '@berth/platform/builds/is-build-wanted';
import type { Builder } from './builder.js';

/** A build that is cancelled while its builder is dead runs no longer than this after the next one has started, ms. */
const everyMs = 1_500;

/**
 * Closes jails that no build has any more: those of a builder that was killed, whose build was cancelled before another
 * one took it over, or ended without a jail.
 */
export function keepSweepingJails(builder: Builder): Stoppable {
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) {
      await sweepJails(builder).catch((error) => builder.logger.debug({ err: error }, 'sweep of jails'));
      await builder.platform.wake.wait([], everyMs, stopping.signal);
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

async function sweepJails({ engine, platform }: Builder): Promise<void> {
  for (const { jailId, buildId } of await engine.listJails())
    if (!(await isBuildWanted(platform, { buildId }))) await engine.closeJail(jailId);
}
