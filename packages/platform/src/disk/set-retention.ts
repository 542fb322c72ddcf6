import { notFound } from '@berth/domain/errors';
import { keptReleasesOf } from '@berth/domain/plan-retention';
import type { Actor } from '../actor.js';
import { getTeamFor } from '../auth/get-team-for.js';
import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';

export interface Retention {
  environment: string;
  /** Newest live releases of each app whose images are kept. */
  keptReleases: number;
  /** How long outputs, events and pushes that made no release are kept. */
  keptDays: number;
}

/** Changes what an environment keeps; `keptReleases` null is the default of its kind. It counts from the next collection on. */
export function setRetention(
  platform: Platform,
  input: { actor: Actor; team: string; environment: string; keptReleases?: number | null; keptDays?: number },
): Promise<Retention> {
  const { actor, team, environment: name, keptReleases, keptDays } = input;
  return transaction(platform, async (tx) => {
    const { id: teamId } = await getTeamFor(tx, { actor, team, right: 'disk.clean' });
    const changes = {
      ...(keptReleases === undefined ? {} : { keptReleases }),
      ...(keptDays === undefined ? {} : { keptDays }),
    };
    const { count } = await tx.environment.updateMany({ where: { teamId, name }, data: changes });
    if (count === 0) throw notFound('environment', name);
    const row = await tx.environment.findFirstOrThrow({ where: { teamId, name } });
    const { userId } = actor;
    await addEvent(tx, {
      ...{ name: 'environment.retention-changed', noun: 'environment', nounId: row.id, teamId, userId, data: changes },
    });
    return { environment: name, keptReleases: keptReleasesOf(row), keptDays: row.keptDays };
  });
}
