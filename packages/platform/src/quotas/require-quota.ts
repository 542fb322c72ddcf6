import type { Tx } from '@berth/db/client';
import { type Amounts, checkQuota, quota } from '@berth/domain/quota';
import { lockTeam } from '../lock-team.js';
import { readTaken } from './read-taken.js';

/**
 * Refuses what does not fit: the team's quota first, then the environment's. Where there are limits it holds the team's row
 * until the transaction ends, so that two that would fit one by one do not fit together.
 */
export async function requireQuota(
  tx: Tx,
  { teamId, environmentId, adds }: { teamId: string; environmentId?: string; adds: Partial<Amounts> },
): Promise<void> {
  const team = await tx.team.findUniqueOrThrow({ where: { id: teamId }, select: { name: true, quota: true } });
  const environment = environmentId
    ? await tx.environment.findUniqueOrThrow({ where: { id: environmentId }, select: { name: true, quota: true } })
    : undefined;
  const [limits, own] = [quota.parse(team.quota), quota.parse(environment?.quota ?? {})];
  if (Object.keys({ ...limits, ...own }).length === 0) return;
  await lockTeam(tx, teamId);
  if (Object.keys(limits).length > 0) checkQuota(`Team ${team.name}`, limits, await readTaken(tx, { teamId }), adds);
  if (environmentId && environment && Object.keys(own).length > 0)
    checkQuota(`Environment ${environment.name}`, own, await readTaken(tx, { teamId, environmentId }), adds);
}
