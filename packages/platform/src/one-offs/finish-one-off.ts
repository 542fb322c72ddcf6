import { assertLease, type Lease } from '@berth/jobs/lease';
import { type Platform, transaction } from '../platform.js';
import { moveOneOff } from './move-one-off.js';
import { oneOffName } from './one-off-name.js';

export interface OneOffEnd {
  /** null: it was ended before it had one. */
  exitCode: number | null;
  /** One sentence; null for one that ended well. */
  message: string | null;
  /** A person ended it: by a stop, or by going away. */
  isCancelled?: boolean;
}

/** The last write of a one-off. A second one changes nothing. */
export function finishOneOff(
  platform: Platform,
  { oneOffId, lease, end }: { oneOffId: string; lease: Lease; end: OneOffEnd },
): Promise<void> {
  const { exitCode, message, isCancelled = false } = end;
  return transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    const to = isCancelled ? 'cancelled' : message === null ? 'succeeded' : 'failed';
    const row = await moveOneOff(tx, after, { oneOffId, to, exitCode, message });
    if (!row) return;
    const text = exitCode === null ? (message ?? 'Process ended') : `Process exited with status ${exitCode}`;
    after.lines.push({ appId: row.appId, process: oneOffName(row), text });
  });
}
