import type { Tx } from '@berth/db/client';
import { type Amounts, checkQuota, quota } from '@berth/domain/quota';
import { lockTeam } from '../lock-team.js';
import { readTaken } from './read-taken.js';

/**
 * Refuses what does not fit: the team's quota first, then the environment's. Holds the team's row until the transaction ends,
 * so that two that would fit one by one do not fit together.
 */
export async function requireQuota(
  tx: Tx,
  { teamId, environmentId, adds }: { teamId: string; environmentId?: string; adds: Partial<Amounts> },
): Promise<void> {
  await lockTeam(tx, teamId);
  const team = await tx.team.findUniqueOrThrow({ where: { id: teamId }, select: { name: true, quota: true } });
  const limits = quota.parse(team.quota);
  if (Object.keys(limits).length > 0) checkQuota(`Team ${team.name}`, limits, await readTaken(tx, { teamId }), adds);
  if (!environmentId) return;
  const environment = await tx.environment.findUniqueOrThrow({
    where: { id: environmentId },
    select: { name: true, quota: true },
  });
  const own = quota.parse(environment.quota);
  if (Object.keys(own).length > 0)
    checkQuota(`Environment ${environment.name}`, own, await readTaken(tx, { teamId, environmentId }), adds);
}
