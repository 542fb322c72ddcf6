import type { Db, Tx } from '@berth/db/client';
import { checkDeploy } from '@berth/domain/check-deploy';
import { policyOf } from '@berth/domain/environment-policy';
import { UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { findEarlierApp } from '../lines/find-earlier-app.js';
import { getAppFor } from './get-app-for.js';
import type { Right } from './rights.js';

/**
 * The app by name or id, when the actor may do `right` with it and its environment's policy (role, freeze, windows) lets
 * what runs there be changed now. Whatever a person does that makes a release of what is there begins here.
 */
export async function getAppToDeploy(
  db: Db | Tx,
  {
    actor,
    app,
    right,
    isRollback = false,
  }: { actor: Actor; app: string; right: Exclude<Right, 'app.push'>; isRollback?: boolean },
) {
  const found = await getAppFor(db, { actor, app, right });
  const why = whyNoDeploy(found, { isRollback });
  if (why) throw new UserError('forbidden', why);
  return found;
}

/** The same for what somebody pushes ready-made, right there. */
export async function getAppToPush(db: Db | Tx, { actor, app }: { actor: Actor; app: string }) {
  const found = await getAppFor(db, { actor, app, right: 'app.push' });
  const why = await whyNoPush(db, found);
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

/**
 * The policy's answer for what is built or pushed right there: where promotions wait for approvals, and the pipeline has an app before
 * this one to promote from, there is no way around them.
 */
export async function whyNoPush(db: Db | Tx, found: Found): Promise<string | undefined> {
  const { environment, pipelineId, name } = found;
  const why = whyNoDeploy(found);
  if (why || !pipelineId || policyOf(environment).approvals === 0) return why;
  const earlier = await findEarlierApp(db, { pipelineId, position: environment.position });
  return earlier
    ? `${name} is released in ${environment.name} by promotion only, since that asks for approvals: promote from ${earlier.name}.`
    : undefined;
}
