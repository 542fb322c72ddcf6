import { hashPassword, verifyPassword } from 'better-auth/crypto';
import { createUser, type NewUser, parseEmail, parsePassword } from '../auth/create-user.js';
import { addFirstEnvironments } from '../environments/add-first-environments.js';
import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';
import { createToken } from '../tokens/create-token.js';

/**
 * The first user, owner of team `default` with the first stable environments (daily to production). Asked again it mends what is missing
 * and sets the password given. A token is made each time one is asked for.
 */
export async function createFirstAdmin(
  platform: Platform,
  { withToken = false, ...input }: NewUser & { withToken?: boolean },
): Promise<{ userId: string; token?: string }> {
  const userId = await transaction(platform, async (tx) => {
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtext('berth.first-admin'))::text`;
    const known = await tx.user.findUnique({ where: { email: parseEmail(input.email) }, include: { accounts: true } });
    const id = known?.id ?? (await createUser(tx, input)).userId;
    const account = known?.accounts.find(({ providerId }) => providerId === 'credential');
    if (account?.password && !(await verifyPassword({ hash: account.password, password: input.password })))
      await tx.account.update({
        where: { id: account.id },
        data: { password: await hashPassword(parsePassword(input.password)) },
      });
    const name = 'default';
    const team = await tx.team.upsert({ where: { name }, update: {}, create: { name } });
    await tx.membership.upsert({
      where: { teamId_userId: { teamId: team.id, userId: id } },
      update: { role: 'owner' },
      create: { teamId: team.id, userId: id, role: 'owner' },
    });
    await addFirstEnvironments(tx, team.id);
    if (!known) await addEvent(tx, { name: 'user.created', noun: 'user', nounId: id, teamId: team.id, userId: id });
    return id;
  });
  if (!withToken) return { userId };
  const { token } = await createToken(platform, { actor: { userId }, description: 'first admin' });
  return { userId, token };
}
