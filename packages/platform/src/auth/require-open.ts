import type { Tx } from '@berth/db/client';
import { checkDeploy } from '@berth/domain/check-deploy';
import { policyOf } from '@berth/domain/environment-policy';
import { UserError } from '@berth/domain/errors';
import type { Role } from './rights.js';

/**
 * For a change that reaches all apps of an environment, or of a team's environments: throws when the policy of a stable one
 * that has apps refuses deploys by this role now.
 */
export async function requireOpen(
  tx: Tx,
  { team, environmentId }: { team: { id: string; role: Role }; environmentId: string | null },
): Promise<void> {
  const reached = await tx.environment.findMany({
    where: {
      ...{ teamId: team.id, kind: 'stable', apps: { some: { destroyedAt: null } } },
      ...(environmentId === null ? {} : { id: environmentId }),
    },
    orderBy: { position: 'asc' },
  });
  for (const environment of reached) {
    const of = { environment: environment.name, policy: policyOf(environment), role: team.role };
    const why = checkDeploy({ ...of, isRollback: false, now: new Date() });
    if (why) throw new UserError('forbidden', why);
  }
}
