import type { Stoppable } from '@berth/daemon/run';
import { expireDebugs } from '@berth/platform/debug/expire-debugs';
import type { Releaser } from './releaser.js';

/** Debug may stay on this much longer than was asked for, ms. */
const lookEveryMs = 15_000;

/** Switches debug off where its time is over. Any number of these may run. */
export function keepDebugsShort({ platform, logger }: Releaser): Stoppable {
  const look = () =>
    void expireDebugs(platform, { now: new Date() }).catch((error: unknown) =>
      logger.warn({ err: error }, 'end of debug'),
    );
  const timer = setInterval(look, lookEveryMs);
  return { stop: async () => clearInterval(timer) };
}
