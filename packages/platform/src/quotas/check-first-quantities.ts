import type { Tx } from '@berth/db/client';
import { firstSize } from '@berth/domain/environment-policy';
import { UserError } from '@berth/domain/errors';
import { surroundings } from '../surroundings.js';
import { amountsOfApp, wantedWith } from './read-taken.js';
import { requireQuota } from './require-quota.js';

/**
 * What a release that waits brings along in first quantities and sizes, beyond what its app counts for, must fit the quotas:
 * else the error that ends it. Where there are limits it holds the team's row, so the caller holds no app's yet.
 */
export async function checkFirstQuantities(tx: Tx, releaseId: string): Promise<UserError | undefined> {
  const release = await tx.release.findFirst({
    where: { id: releaseId, status: 'pending' },
    select: {
      sections: true,
      image: { select: { processTypes: true, environments: true } },
      app: { include: { formation: true, environment: { select: surroundings } } },
    },
  });
  if (!release?.image) return undefined;
  const { app } = release;
  const size = firstSize(app.environment);
  const [was, is] = [amountsOfApp(app.formation, size), amountsOfApp(wantedWith(app, release), size)];
  const adds = { memoryMiB: is.memoryMiB - was.memoryMiB, cpus: is.cpus - was.cpus };
  try {
    await requireQuota(tx, { teamId: app.teamId, environmentId: app.environmentId, adds });
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}
