import type { Stoppable } from '@berth/daemon/run';
import { expireProjects } from '@berth/platform/projects/expire-projects';
import type { Releaser } from '../releaser.js';

/** An environment may live this much longer than it was given, ms. */
const lookEveryMs = 15_000;

/** Destroys project environments whose time is over, and warns before. Any number of these may run. */
export function keepExpiring({ platform, logger }: Releaser): Stoppable {
  const look = () =>
    void expireProjects(platform, { now: new Date() }).catch((error: unknown) =>
      logger.warn({ err: error }, 'expiry of environments'),
    );
  const timer = setInterval(look, lookEveryMs);
  return { stop: async () => clearInterval(timer) };
}
