import { type Platform, transaction } from '../platform.js';
import { type InstanceMove, setInstanceState } from './set-instance-state.js';

/** What the releaser saw of an instance. False: it was in that state already, or no way leads there. */
export function moveInstance(platform: Platform, move: InstanceMove): Promise<boolean> {
  return transaction(platform, async (tx, after) => (await setInstanceState(tx, after, move)) !== undefined);
}
