import { lookEach } from '@berth/daemon/look-each';
import type { Stoppable } from '@berth/daemon/run';
import { expireProjects } from '@berth/platform/projects/expire-projects';
import type { Releaser } from '../releaser.js';

/** An environment may live this much longer than it was given, ms. */
const everyMs = 15_000;

/** Destroys project environments whose time is over, and warns before. Any number of these may run. */
export function keepExpiring({ platform, logger }: Releaser): Stoppable {
  const onError = (err: unknown) => logger.warn({ err }, 'expiry of environments');
  return lookEach({ everyMs, onError }, () => expireProjects(platform, { now: new Date() }));
}
