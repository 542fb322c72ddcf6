import type { Environment, Membership } from '@berth/db/generated/client';
import { policyOf } from '@berth/domain/environment-policy';
import { UserError } from '@berth/domain/errors';
import { roles } from './rights.js';

/**
 * Whoever runs commands sees the config vars and can do what a deploy could, so the environment's policy says who; a freeze and
 * windows are about deploys and do not count.
 * @param doing what is refused, before the environment's name
 */
export function requireRunRole(
  {
    environment,
    team,
  }: {
    environment: Environment;
    team: { memberships: Pick<Membership, 'role'>[] };
  },
  doing = 'Running commands in',
): void {
  const { deployRole } = policyOf(environment);
  const role = team.memberships[0]?.role ?? 'viewer';
  if (roles.indexOf(role) >= roles.indexOf(deployRole)) return;
  throw new UserError('forbidden', `${doing} ${environment.name} needs the role ${deployRole}; yours is ${role}.`);
}
