import type { Db, Tx } from '@berth/db/client';
import { checkDeploy } from '@berth/domain/check-deploy';
import { policyOf } from '@berth/domain/environment-policy';
import { UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { getAppFor } from './get-app-for.js';
import type { Right } from './rights.js';

/**
 * The app by name or id, when the actor may do `right` with it and its environment's policy (role, freeze, windows) lets
 * what runs there be changed now. Whatever a person does that makes a release begins here.
 */
export async function getAppToDeploy(
  db: Db | Tx,
  { actor, app, right, isRollback = false }: { actor: Actor; app: string; right: Right; isRollback?: boolean },
) {
  const found = await getAppFor(db, { actor, app, right });
  const why = whyNoDeploy(found, { isRollback });
  if (why) throw new UserError('forbidden', why);
  return found;
}

type Found = Awaited<ReturnType<typeof getAppFor>>;

/** The policy's answer for an app that {@link getAppFor} has found; undefined: go on. */
export function whyNoDeploy({ environment, team }: Found, { isRollback = false } = {}): string | undefined {
  return checkDeploy({
    environment: environment.name,
    policy: policyOf(environment),
    role: team.memberships[0]?.role ?? 'viewer',
    isRollback,
    now: new Date(),
  });
}
