import { notFound } from '@berth/domain/errors';
import { type SleepPolicy, sleepPolicy, sleepPolicyOf } from '@berth/domain/sleep-policy';
import type { Actor } from '../actor.js';
import { getTeamFor } from '../auth/get-team-for.js';
import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';

interface Of {
  actor: Actor;
  team: string;
  /** Name or id, of either kind. */
  environment: string;
}

/** When the apps of an environment fall asleep, and when they may not. */
export async function getSleepPolicy(platform: Platform, { actor, team, environment }: Of): Promise<SleepPolicy> {
  const { id: teamId } = await getTeamFor(platform.db, { actor, team, right: 'team.view' });
  const found = await platform.db.environment.findFirst({ where: named(teamId, environment) });
  if (!found) throw notFound('environment', environment);
  return sleepPolicyOf(found);
}

/** What is left out stays as it is. Apps that sleep and may not any more are woken. */
export function setSleepPolicy(
  platform: Platform,
  { actor, team, environment, changes }: Of & { changes: Partial<SleepPolicy> },
): Promise<SleepPolicy> {
  return transaction(platform, async (tx, after) => {
    const { id: teamId } = await getTeamFor(tx, { actor, team, right: 'team.view' });
    const found = await tx.environment.findFirst({ where: named(teamId, environment) });
    if (!found) throw notFound('environment', environment);
    await getTeamFor(tx, { actor, team, right: found.kind === 'stable' ? 'environment.change' : 'environment.create' });
    const sleep = { ...sleepPolicy.parse(found.sleep), ...changes };
    await tx.environment.update({ where: { id: found.id }, data: { sleep } });
    const { userId } = actor;
    await addEvent(tx, {
      ...{ name: 'environment.sleep-changed', noun: 'environment', nounId: found.id, teamId, userId },
      data: { sleep },
    });
    after.wake.push('sleep', 'routes');
    return sleepPolicyOf({ kind: found.kind, sleep });
  });
}

const named = (teamId: string, environment: string) => ({
  teamId,
  destroyedAt: null,
  OR: [{ name: environment }, { id: environment }],
});
