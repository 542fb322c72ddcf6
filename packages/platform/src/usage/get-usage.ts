import { UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { getTeamFor } from '../auth/get-team-for.js';
import type { Platform } from '../platform.js';
import { toUsed, type Used, usedSums } from './read-used.js';

/** What one app used in a month; names as they were then. */
export interface AppUsage extends Used {
  environment: string;
  app: string;
}

/**
 * What the apps of a team used in a month (UTC), those that are gone included, by environment and app; for its members.
 * @param month `2026-11`
 */
export async function getUsage(
  { db }: Platform,
  { actor, team: name, month }: { actor: Actor; team: string; month: string },
): Promise<AppUsage[]> {
  const { id: teamId } = await getTeamFor(db, { actor, team: name, right: 'team.view' });
  const rows = await db.usageHour.groupBy({
    by: ['environment', 'app'],
    where: { teamId, hour: monthOf(month) },
    _sum: usedSums,
    orderBy: [{ environment: 'asc' }, { app: 'asc' }],
  });
  return rows.map(({ environment, app, _sum: sum }) => ({ environment, app, ...toUsed(sum) }));
}

function monthOf(month: string): { gte: Date; lt: Date } {
  const [, year, number] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month) ?? [];
  if (!year || !number) throw new UserError('invalid_params', `A month is written as 2026-11, not ${month}.`);
  return { gte: new Date(Date.UTC(+year, +number - 1)), lt: new Date(Date.UTC(+year, +number)) };
}
