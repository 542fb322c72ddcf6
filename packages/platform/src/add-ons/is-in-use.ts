import type { Prisma } from '@berth/db/generated/client';
import type { Platform } from '../platform.js';

/** Whether a release of these apps that runs, or may run yet, has this text in its config. */
export async function isInUse({ db, secrets }: Platform, app: Prisma.AppWhereInput, text: string): Promise<boolean> {
  const releases = await db.release.findMany({
    where: {
      ...{ app, imageId: { not: null } },
      OR: [
        { currentOf: { isNot: null } },
        { status: { in: ['pending', 'running'] } },
        { rollouts: { some: { retiredAt: null, status: { in: ['pending', 'running', 'succeeded'] } } } },
      ],
    },
    select: { config: true },
  });
  return releases.some(({ config }) => secrets.open(config).includes(text));
}

/** Those of these environments in which no release has the address of this Redis server any more. */
export async function environmentsWithout(
  platform: Platform,
  { hostName, environmentIds }: { hostName: string; environmentIds: readonly string[] },
): Promise<string[]> {
  const without: string[] = [];
  for (const environmentId of environmentIds)
    if (!(await isInUse(platform, { environmentId }, hostName))) without.push(environmentId);
  return without;
}
