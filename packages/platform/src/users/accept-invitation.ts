import { createUser } from '../auth/create-user.js';
import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';
import { takeInvitation } from './take-invitation.js';

/** A new user by a one-time link, which is used up in the same transaction. */
export function acceptInvitation(
  platform: Platform,
  { secret, name, email, password }: { secret: string; name: string; email: string; password: string },
): Promise<{ userId: string; teamId: string }> {
  return transaction(platform, async (tx) => {
    const { teamId, role } = await takeInvitation(tx, secret);
    const { userId } = await createUser(tx, { name, email, password });
    await tx.membership.create({ data: { teamId, userId, role } });
    await addEvent(tx, { name: 'member.added', noun: 'user', nounId: userId, teamId, userId, data: { role } });
    return { userId, teamId };
  });
}
