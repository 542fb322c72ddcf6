import { firstSize } from '@berth/domain/environment-policy';
import { type Capacity, type PlacedApp, planCapacity } from '@berth/domain/plan-capacity';
import type { Actor } from '../actor.js';
import { requireInstallationOwner } from '../auth/require-installation-owner.js';
import type { Platform } from '../platform.js';
import { amountsOfApp } from '../quotas/read-taken.js';
import { surroundings } from '../surroundings.js';
import { type HostLook, readHostLook } from '../usage/host-look.js';

export interface CapacityView extends Capacity {
  /** When the host was looked at. */
  at: Date;
  host: Omit<HostLook, 'at' | 'apps'>;
}

const MiB = 1024 * 1024;

/**
 * What the host has, what of it is taken, asleep and left; for owners of the installation. Null: nobody has looked yet (the
 * releaser does each minute).
 */
export async function getCapacity(platform: Platform, { actor }: { actor: Actor }): Promise<CapacityView | null> {
  await requireInstallationOwner(platform.db, actor);
  const look = await readHostLook(platform);
  if (!look) return null;
  const { at, apps: seen, ...host } = look;
  const { totalBytes, availableBytes } = host.memory;
  const facts = { cpus: host.cpus, totalBytes, availableBytes, headroomBytes: host.headroomBytes };
  return { at, host, ...planCapacity(facts, await readPlacedApps(platform, seen)) };
}

/** Apps that were never released have nothing to run. */
async function readPlacedApps({ db }: Platform, seen: HostLook['apps']): Promise<PlacedApp[]> {
  const apps = await db.app.findMany({
    where: { destroyedAt: null, currentReleaseId: { not: null } },
    select: {
      id: true,
      environment: { select: surroundings },
      formation: { select: { size: true, quantity: true } },
      sleep: { select: { state: true, freedBytes: true } },
    },
  });
  return apps.map(({ id, environment, formation, sleep }) => {
    const { memoryMiB, cpus } = amountsOfApp(formation, firstSize(environment));
    const { ownBytes, cpus: busyCpus } = seen.get(id) ?? { ownBytes: 0, cpus: 0 };
    return {
      ...{ state: sleep?.state ?? 'awake', reservedBytes: memoryMiB * MiB, reservedCpus: cpus },
      ...{ ownBytes, busyCpus, freedBytes: Number(sleep?.freedBytes ?? 0) },
    };
  });
}
