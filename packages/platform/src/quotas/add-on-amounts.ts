import type { Db, Tx } from '@berth/db/client';
import { type AddOnPlan, parsePlan } from '@berth/domain/add-on-plans';
import type { Amounts } from '@berth/domain/quota';

/** What an add-on of a plan counts for: the data server is everybody's, a Redis server its own. */
export const amountsOfPlan = (plan: AddOnPlan): Pick<Amounts, 'memoryMiB'> => ({
  memoryMiB: plan.kind === 'redis' ? plan.memoryMiB : 0,
});

/** MiB of the add-ons that go with apps of a team, or of one environment. */
export async function readAddOnMemory(db: Db | Tx, where: { teamId: string; environmentId?: string }): Promise<number> {
  const addOns = await db.addOn.findMany({
    where: { app: { ...where, destroyedAt: null }, status: { not: 'deprovisioning' } },
    select: { service: true, plan: true },
  });
  const plans = addOns.map(({ service, plan }) => parsePlan(`${service}:${plan}`).plan);
  return plans.reduce((sum, plan) => sum + amountsOfPlan(plan).memoryMiB, 0);
}
