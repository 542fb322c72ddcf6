import type { Db, Tx } from '@berth/db/client';
import { type AddOnPlan, parsePlan } from '@berth/domain/add-on-plans';
import type { Amounts } from '@berth/domain/quota';

const MiB = 1024 * 1024;

/**
 * What an add-on of a plan asks for: the data server is everybody's, a Redis server its own, a volume is to fit whole. Taken is
 * of a volume what the disk ledger counts.
 */
export const amountsOfPlan = (plan: AddOnPlan): Pick<Amounts, 'memoryMiB' | 'diskMiB'> => ({
  memoryMiB: plan.kind === 'redis' ? plan.memoryMiB : 0,
  diskMiB: plan.kind === 'volume' ? plan.sizeBytes / MiB : 0,
});

/** MiB of the add-ons that go with apps of a team, or of one environment, or only with those of pipelines. */
export async function readAddOnMemory(
  db: Db | Tx,
  where: { teamId: string; environmentId?: string; pipelineId?: { not: null } },
): Promise<number> {
  const addOns = await db.addOn.findMany({
    where: { app: { ...where, destroyedAt: null }, status: { not: 'deprovisioning' } },
    select: { service: true, plan: true },
  });
  const plans = addOns.map(({ service, plan }) => parsePlan(`${service}:${plan}`).plan);
  return plans.reduce((sum, plan) => sum + amountsOfPlan(plan).memoryMiB, 0);
}
