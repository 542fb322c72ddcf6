import { UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { dashboardUrl } from '../addresses.js';
import { getTeamFor } from '../auth/get-team-for.js';
import { type Role, roles } from '../auth/rights.js';
import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';
import { hashSecret, randomSecret } from '../secrets/random-secret.js';

const validDays = 7;

/** A one-time link into a team, valid for 7 days. Nobody gives a role above the own one. */
export function createInvitation(
  platform: Platform,
  { actor, team: name, role }: { actor: Actor; team: string; role: Role },
): Promise<{ secret: string; url: string }> {
  return transaction(platform, async (tx) => {
    const team = await getTeamFor(tx, { actor, team: name, right: 'team.invite' });
    if (roles.indexOf(role) > roles.indexOf(team.role))
      throw new UserError('forbidden', `Only an ${role} can invite another ${role}.`);
    const secret = randomSecret('');
    const invitation = await tx.invitation.create({
      data: {
        teamId: team.id,
        role,
        createdBy: actor.userId,
        secretHash: hashSecret(secret),
        expiresAt: new Date(Date.now() + validDays * 24 * 3600_000),
      },
    });
    await addEvent(tx, {
      name: 'invitation.created',
      noun: 'invitation',
      nounId: invitation.id,
      teamId: team.id,
      userId: actor.userId,
      data: { role },
    });
    return { secret, url: `${dashboardUrl(platform.addresses)}/invitations/${secret}` };
  });
}
