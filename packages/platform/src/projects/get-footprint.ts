import { firstSize, type Surroundings } from '@berth/domain/environment-policy';
import type { Amounts } from '@berth/domain/quota';
import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';
import { readAddOnMemory } from '../quotas/add-on-amounts.js';
import { amountsOfApp } from '../quotas/read-taken.js';
import { surroundings } from '../surroundings.js';
import { type HostLook, readHostLook } from '../usage/host-look.js';
import { readUsed, type Used } from '../usage/read-used.js';
import { getProjectFor } from './get-project-for.js';

/** What some apps take: as it was seen last, and what they may take with their Redis servers, as quotas count it. */
export interface Taken extends Pick<Amounts, 'apps' | 'memoryMiB' | 'cpus'> {
  /** Of their instances: memory of their own, bytes, and cores kept busy. Null: nobody has looked for minutes. */
  now: { ownBytes: number; cpus: number } | null;
  /** What they have given back while they sleep, bytes. */
  freedBytes: number;
}

export interface Footprint {
  own: Taken;
  /** What a full copy of the base would take: the base's own apps do. */
  copy: Taken;
  /** Since it was made. */
  used: Used;
}

/** What a project environment takes and has used, beside a full copy of its base. */
export async function getFootprint(
  platform: Platform,
  { actor, environment: name }: { actor: Actor; environment: string },
): Promise<Footprint> {
  const { db } = platform;
  const environment = await getProjectFor(db, { actor, environment: name, right: 'team.view' });
  const { id, teamId, baseId, createdAt } = environment;
  const redisOf = (environmentId: string) => readAddOnMemory(db, { teamId, environmentId, pipelineId: { not: null } });
  const [look, used, ownRedisMiB, copyRedisMiB, apps] = await Promise.all([
    readHostLook(platform),
    readUsed(platform, { teamId, environment: environment.name, since: createdAt }),
    redisOf(id),
    baseId ? redisOf(baseId) : 0,
    db.app.findMany({
      where: { environmentId: { in: baseId ? [id, baseId] : [id] }, pipelineId: { not: null }, destroyedAt: null },
      select: {
        ...{ id: true, environmentId: true, environment: { select: surroundings } },
        formation: { select: { size: true, quantity: true } },
        sleep: { select: { freedBytes: true } },
      },
    }),
  ]);
  const of = (environmentId: string | null) => apps.filter((app) => app.environmentId === environmentId);
  return { own: sum(of(id), look, ownRedisMiB), copy: sum(of(baseId), look, copyRedisMiB), used };
}

interface AppRow {
  id: string;
  environment: Surroundings;
  formation: readonly { size: string; quantity: number }[];
  sleep: { freedBytes: bigint } | null;
}

function sum(apps: readonly AppRow[], look: HostLook | undefined, redisMiB: number): Taken {
  const taken: Taken = { apps: apps.length, memoryMiB: redisMiB, cpus: 0, now: null, freedBytes: 0 };
  if (look) taken.now = { ownBytes: 0, cpus: 0 };
  for (const { id, formation, environment, sleep } of apps) {
    const { memoryMiB, cpus } = amountsOfApp(formation, firstSize(environment));
    taken.memoryMiB += memoryMiB;
    taken.cpus += cpus;
    taken.freedBytes += Number(sleep?.freedBytes ?? 0);
    const seen = look?.apps.get(id);
    if (!seen || !taken.now) continue;
    taken.now.ownBytes += seen.ownBytes;
    taken.now.cpus += seen.cpus;
  }
  return taken;
}
