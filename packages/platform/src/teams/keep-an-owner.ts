import type { Tx } from '@berth/db/client';
import { UserError } from '@berth/domain/errors';

/** A team never loses its last owner; locks the memberships, so that two owners cannot leave at once. */
export async function keepAnOwner(tx: Tx, teamId: string, leavingUserId: string): Promise<void> {
  const owners = await tx.$queryRaw<{ userId: string }[]>`
    SELECT "userId" FROM "Membership" WHERE "teamId" = ${teamId} AND "role" = 'owner' ORDER BY "userId" FOR UPDATE`;
  if (owners.every(({ userId }) => userId === leavingUserId))
    throw new UserError('conflict', 'A team keeps at least one owner; make somebody else an owner first.');
}
