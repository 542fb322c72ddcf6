import { parsePlan } from '@berth/domain/add-on-plans';
import type { Platform } from '../platform.js';

/** A volume that is to grow. */
export interface Growth {
  key: string;
  plan: string;
  sizeBytes: number;
}

/** Undefined: it has grown already, nobody wants it any more, or it is gone. */
export async function readGrowth({ db }: Platform, { addOnId }: { addOnId: string }): Promise<Growth | undefined> {
  const addOn = await db.addOn.findUnique({ where: { id: addOnId } });
  if (addOn?.status !== 'provisioned' || addOn.wantedPlan === null) return undefined;
  const { plan } = parsePlan(`${addOn.service}:${addOn.wantedPlan}`);
  return plan.kind === 'volume' ? { key: addOn.database, plan: plan.name, sizeBytes: plan.sizeBytes } : undefined;
}
