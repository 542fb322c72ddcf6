import { assertLease, type Lease } from '@berth/jobs/lease';
import { type Platform, transaction } from '../platform.js';
import { moveOneOff } from './move-one-off.js';
import { oneOffName } from './one-off-name.js';

/** The command is about to start: from here it is not tried again. False: it was begun or cancelled before. */
export function beginOneOff(
  platform: Platform,
  { oneOffId, version, lease }: { oneOffId: string; version: number; lease: Lease },
): Promise<boolean> {
  return transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    const isThere = await tx.oneOff.count({ where: { id: oneOffId, app: { destroyedAt: null } } });
    const row = isThere && (await moveOneOff(tx, after, { oneOffId, to: 'running', version }));
    if (!row) return false;
    const user = await tx.user.findUnique({ where: { id: row.userId }, select: { email: true } });
    const text = `Starting process with command \`${row.command}\` (v${version}) by user ${user?.email ?? 'unknown'}`;
    after.lines.push({ appId: row.appId, process: oneOffName(row), text });
    return true;
  });
}
