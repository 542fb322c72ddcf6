import { type Amounts, type Quota, quota } from '@berth/domain/quota';
import type { Actor } from '../actor.js';
import { getTeamFor } from '../auth/get-team-for.js';
import type { Platform } from '../platform.js';
import { findEnvironment } from './find-environment.js';
import { readTaken } from './read-taken.js';

export interface QuotaView {
  limits: Quota;
  taken: Amounts;
}

/** The limits of a team, or of one of its environments, beside what is taken; for its members. */
export async function getQuota(
  { db }: Platform,
  { actor, team: name, environment }: { actor: Actor; team: string; environment?: string },
): Promise<QuotaView> {
  const team = await getTeamFor(db, { actor, team: name, right: 'team.view' });
  if (environment === undefined)
    return { limits: quota.parse(team.quota), taken: await readTaken(db, { teamId: team.id }) };
  const found = await findEnvironment(db, { teamId: team.id, environment });
  return {
    limits: quota.parse(found.quota),
    taken: await readTaken(db, { teamId: team.id, environmentId: found.id }),
  };
}
