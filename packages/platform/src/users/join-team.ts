import { UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';
import { takeInvitation } from './take-invitation.js';

/** Somebody who has an account comes into another team by a one-time link. Being in it already leaves the link unused. */
export function joinTeam(
  platform: Platform,
  { actor, secret }: { actor: Actor; secret: string },
): Promise<{ teamId: string }> {
  const { userId } = actor;
  return transaction(platform, async (tx) => {
    const { teamId, role } = await takeInvitation(tx, secret);
    const known = await tx.membership.findUnique({ where: { teamId_userId: { teamId, userId } } });
    if (known) throw new UserError('conflict', `You are in this team already, as ${known.role}.`);
    await tx.membership.create({ data: { teamId, userId, role } });
    await addEvent(tx, { name: 'member.added', noun: 'user', nounId: userId, teamId, userId, data: { role } });
    return { teamId };
  });
}
