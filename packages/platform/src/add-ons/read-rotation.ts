import { type AddOnPlan, parsePlan } from '@berth/domain/add-on-plans';
import type { Platform } from '../platform.js';

/** What a rotation has left to do; `password` is a secret. */
export interface Rotation {
  database: string;
  plan: AddOnPlan;
  /** To be made. */
  pending: { user: string; password: string } | undefined;
  /** To be dropped, when `isInUse` is false. */
  retiring: { user: string; isInUse: boolean } | undefined;
}

/** Undefined: the add-on is gone, or being destroyed. */
export async function readRotation(
  platform: Platform,
  { addOnId }: { addOnId: string },
): Promise<Rotation | undefined> {
  const addOn = await platform.db.addOn.findFirst({
    where: { id: addOnId, status: 'provisioned' },
    include: { credentials: true },
  });
  if (!addOn) return undefined;
  const pending = addOn.credentials.find(({ status }) => status === 'pending');
  const retiring = addOn.credentials.find(({ status }) => status === 'retiring');
  return {
    database: addOn.database,
    plan: parsePlan(`${addOn.service}:${addOn.plan}`).plan,
    pending: pending && { user: pending.user, password: platform.secrets.open(pending.password) },
    retiring: retiring && { user: retiring.user, isInUse: await isInUse(platform, addOn.teamId, retiring.user) },
  };
}

/** Whether a release that runs, or may run yet, has this user in its config. */
async function isInUse({ db, secrets }: Platform, teamId: string, user: string): Promise<boolean> {
  const releases = await db.release.findMany({
    where: {
      ...{ app: { teamId }, imageId: { not: null } },
      OR: [
        { currentOf: { isNot: null } },
        { status: { in: ['pending', 'running'] } },
        { rollouts: { some: { retiredAt: null, status: { in: ['pending', 'running', 'succeeded'] } } } },
      ],
    },
    select: { config: true },
  });
  return releases.some(({ config }) => secrets.open(config).includes(user));
}
