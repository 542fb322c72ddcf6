import type { Sleep } from '@berth/db/generated/client';
import type { Platform } from '../platform.js';

export interface Sleeper {
  appId: string;
  environmentId: string;
  sleep: Sleep | null;
  /** The one that sleeps, or else the one that answers. */
  rolloutId: string | null;
  /** Another rollout answers for the app now: a deploy took the sleeping one's place. */
  isReplaced: boolean;
  instances: { id: string; processType: string; index: number; containerId: string | null; isRouted: boolean }[];
}

/** Undefined: there is no such app. */
export async function findSleeper(platform: Platform, { appId }: { appId: string }): Promise<Sleeper | undefined> {
  const { db } = platform;
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
