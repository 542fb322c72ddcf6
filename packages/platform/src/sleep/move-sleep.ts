import { type Platform, transaction } from '../platform.js';
import { renewRoute } from './renew-route.js';
import { type SleepMove, setSleepState } from './set-sleep-state.js';

/**
 * What the releaser did. An app that is awake, or wakes by a start, has a new version of its route, from which on the router sends
 * requests straight to it or checks it. Undefined: no way leads there, somebody else has moved it.
 */
export function moveSleep(platform: Platform, move: SleepMove): Promise<{ version: number | undefined } | undefined> {
  return transaction(platform, async (tx, after) => {
    if (!(await setSleepState(tx, after, move))) return undefined;
    if (move.to !== 'awake') return { version: undefined };
    return renewRoute(tx, after, move.appId);
  });
}
