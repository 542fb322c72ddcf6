import type { Stoppable } from '@berth/daemon/run';
import { startDueRuns } from '@berth/platform/cron/start-due-runs';
import type { Releaser } from './releaser.js';

/** A look when nothing is due: a release may have brought a job, ms. */
const idleMs = 5_000;

/** Starts cron jobs when they are due, until `stop`. Any number of these may run: each due time has one run. */
export function watchCron({ platform, logger }: Releaser): Stoppable {
  const stopping = new AbortController();
  const { signal } = stopping;
  const watching = (async () => {
    while (!signal.aborted) {
      const next = await startDueRuns(platform).catch((error: unknown) => {
        logger.warn({ err: error }, 'cron');
        return undefined;
      });
      const waitMs = next ? Math.max(50, Math.min(idleMs, next.getTime() - Date.now())) : idleMs;
      await platform.wake.wait([], waitMs, signal);
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await watching;
    },
  };
}
