import type { Tx } from '@berth/db/client';
import { UserError } from '@berth/domain/errors';
import type { Role } from '../auth/rights.js';
import { hashSecret } from '../secrets/random-secret.js';

/** Uses an invitation up; one that was used or has run out is a UserError. */
export async function takeInvitation(tx: Tx, secret: string): Promise<{ teamId: string; role: Role }> {
  const [invitation] = await tx.invitation.updateManyAndReturn({
    where: { secretHash: hashSecret(secret), acceptedAt: null, expiresAt: { gt: new Date() } },
    data: { acceptedAt: new Date() },
  });
  if (invitation) return invitation;
  throw new UserError('not_found', 'This invitation was used or has run out; ask for a new one.', {
    resource: 'invitation',
  });
}
