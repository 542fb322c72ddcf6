import { lookEach } from '@berth/daemon/look-each';
import type { Stoppable } from '@berth/daemon/run';
import { expireDebugs } from '@berth/platform/debug/expire-debugs';
import type { Releaser } from './releaser.js';

/** Debug may stay on this much longer than was asked for, ms. */
const everyMs = 15_000;

/** Switches debug off where its time is over. Any number of these may run. */
export function keepDebugsShort({ platform, logger }: Releaser): Stoppable {
  const onError = (err: unknown) => logger.warn({ err }, 'end of debug');
  return lookEach({ everyMs, onError }, () => expireDebugs(platform, { now: new Date() }));
}
