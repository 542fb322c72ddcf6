import { type AddOnPlan, parsePlan } from '@berth/domain/add-on-plans';
import type { Platform } from '../platform.js';

/** What the releaser needs to make an add-on; `password` is a secret. */
export interface ProvisionWork {
  addOnId: string;
  database: string;
  user: string;
  password: string;
  plan: AddOnPlan;
  /** The database whose data it gets, and what runs on them before anyone can connect. */
  copyOf: string | null;
  maskScript: string | null;
}

/** Undefined: it is made already, or nobody wants it any more. */
export async function startProvision(
  { db, secrets }: Platform,
  { addOnId }: { addOnId: string },
): Promise<ProvisionWork | undefined> {
  const addOn = await db.addOn.findUnique({
    where: { id: addOnId },
    include: { credentials: { where: { status: 'active' } }, copyOf: { select: { database: true } } },
  });
  const [credential] = addOn?.credentials ?? [];
  if (addOn?.status !== 'provisioning' || !credential) return undefined;
  return {
    ...{ addOnId, database: addOn.database, user: credential.user, password: secrets.open(credential.password) },
    plan: parsePlan(`${addOn.service}:${addOn.plan}`).plan,
    copyOf: addOn.copyOf?.database ?? null,
    maskScript: addOn.maskScript,
  };
}
