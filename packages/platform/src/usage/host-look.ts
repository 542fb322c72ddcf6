import type { Platform } from '../platform.js';

/** What the metering saw last of the host and of each app. */
export interface HostLook {
  at: Date;
  /** Cores. */
  cpus: number;
  memory: { totalBytes: number; availableBytes: number };
  swap: { totalBytes: number; freeBytes: number };
  /** What Berth keeps free: with less, apps go to sleep sooner. */
  headroomBytes: number;
  /** By app id. */
  apps: ReadonlyMap<string, AppLook>;
}

export interface AppLook {
  /** Memory that nobody else has: no page cache, nothing that was pushed out. */
  ownBytes: number;
  /** Cores that it kept busy since the look before. */
  cpus: number;
}

export interface SeenHost extends Omit<HostLook, 'at' | 'apps'> {
  containers: readonly (AppLook & { containerId: string })[];
  /** Container → app: find-apps-of. */
  appOf: ReadonlyMap<string, string>;
}

/** A look is made each minute; an older one than this says nothing of now, s. */
const keptFor = 300;
const keyOf = (instance: string) => `berth:${instance}:host-look`;

/** Keeps a look in the place of the one before. */
export async function saveHostLook(
  { redis, instance }: Platform,
  { containers, appOf, ...host }: SeenHost,
  at = new Date(),
): Promise<void> {
  const apps = new Map<string, AppLook>();
  for (const { containerId, ownBytes, cpus } of containers) {
    const appId = appOf.get(containerId);
    if (!appId) continue;
    const sum = apps.get(appId) ?? { ownBytes: 0, cpus: 0 };
    apps.set(appId, { ownBytes: sum.ownBytes + ownBytes, cpus: sum.cpus + cpus });
  }
  await redis.set(keyOf(instance), JSON.stringify({ ...host, at, apps: [...apps] }), 'EX', keptFor);
}

/** The last look; undefined: nobody has looked for minutes. */
export async function readHostLook({ redis, instance }: Platform): Promise<HostLook | undefined> {
  const text = await redis.get(keyOf(instance));
  if (text === null) return undefined;
  const { at, apps, ...host } = JSON.parse(text);
  return { ...host, at: new Date(at), apps: new Map(apps) };
}
