import type { Sleep } from '@berth/db/generated/client';
import type { Platform } from '../platform.js';

export interface Sleeper {
  appId: string;
  environmentId: string;
  sleep: Sleep | null;
  /** Of the rollout that sleeps, or of the one that a request is for. */
  rolloutId: string | null;
  /** Another rollout answers for the app now: a deploy took the sleeping one's place. */
  isReplaced: boolean;
  instances: { id: string; processType: string; index: number; containerId: string | null; isRouted: boolean }[];
}

/** An app by the slot that a request is for, or by its id. Undefined: nobody's. */
export async function findSleeper(
  platform: Platform,
  by: { slot: string } | { appId: string },
): Promise<Sleeper | undefined> {
  const { db } = platform;
  const backend =
    'slot' in by
      ? await db.routerBackend.findUnique({
          where: { slot: by.slot },
          select: { rollout: { select: { appId: true } } },
        })
      : undefined;
  const appId = 'slot' in by ? backend?.rollout.appId : by.appId;
  if (appId === undefined) return undefined;
  const app = await db.app.findUnique({
    where: { id: appId },
    select: { environmentId: true, sleep: true, route: { select: { rolloutId: true } } },
  });
  if (!app) return undefined;
  const rolloutId = app.sleep?.rolloutId ?? app.route?.rolloutId ?? null;
  const instances = rolloutId
    ? await db.instance.findMany({
        where: { rolloutId },
        select: { id: true, processType: true, index: true, containerId: true, port: true },
      })
    : [];
  return {
    appId,
    environmentId: app.environmentId,
    sleep: app.sleep,
    rolloutId,
    isReplaced: rolloutId !== (app.route?.rolloutId ?? null),
    instances: instances.map(({ port, ...instance }) => ({ ...instance, isRouted: port !== null })),
  };
}
