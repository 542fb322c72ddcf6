import { notFound, UserError } from '@berth/domain/errors';
import { keptReleasesOf } from '@berth/domain/plan-retention';
import { retentionBounds } from '@berth/domain/retention-bounds';
import type { Actor } from '../actor.js';
import { getTeamFor } from '../auth/get-team-for.js';
import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';

export interface Retention {
  environment: string;
  /** Newest live releases of each app whose images are kept. */
  keptReleases: number;
  /** How long log lines, outputs, events and pushes that made no release are kept. */
  keptDays: number;
  /** Newest log lines of each app that are kept. */
  keptLines: number;
}

/**
 * Changes what an environment keeps; `keptReleases` null is the default of its kind. It counts from the next collection on, the number
 * of log lines for what is written from the next minute on.
 */
export function setRetention(
  platform: Platform,
  input: { actor: Actor; team: string; environment: string } & Partial<
    Omit<Retention, 'environment' | 'keptReleases'>
  > & {
      keptReleases?: number | null;
    },
): Promise<Retention> {
  const { actor, team, environment: name, keptReleases, keptDays, keptLines } = input;
  return transaction(platform, async (tx) => {
    const { id: teamId } = await getTeamFor(tx, { actor, team, right: 'disk.clean' });
    const changes = {
      ...(keptReleases === undefined ? {} : { keptReleases }),
      ...(keptDays === undefined ? {} : { keptDays }),
      ...(keptLines === undefined ? {} : { keptLines }),
    };
    requireInBounds(changes);
    const { count } = await tx.environment.updateMany({ where: { teamId, name }, data: changes });
    if (count === 0) throw notFound('environment', name);
    const row = await tx.environment.findFirstOrThrow({ where: { teamId, name } });
    const { userId } = actor;
    await addEvent(tx, {
      ...{ name: 'environment.retention-changed', noun: 'environment', nounId: row.id, teamId, userId, data: changes },
    });
    return { environment: name, keptReleases: keptReleasesOf(row), keptDays: row.keptDays, keptLines: row.keptLines };
  });
}

function requireInBounds(changes: { [Name in keyof typeof retentionBounds]?: number | null }): void {
  for (const [name, { least, most }] of Object.entries(retentionBounds)) {
    const value = changes[name as keyof typeof retentionBounds] ?? least;
    if (!Number.isInteger(value) || value < least || value > most)
      throw new UserError('invalid_params', `${name} must be a whole number from ${least} to ${most}.`);
  }
}
