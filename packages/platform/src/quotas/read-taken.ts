import type { Db, Tx } from '@berth/db/client';
import { firstSize, type Surroundings } from '@berth/domain/environment-policy';
import { joinFormation, type Scale, underSection } from '@berth/domain/formation';
import type { Amounts } from '@berth/domain/quota';
import { processTypesIn, projectSection, sectionOf } from '@berth/domain/run-settings';
import { defaultSize, parseSize } from '@berth/domain/sizes';
import { z } from 'zod';
import { surroundings } from '../surroundings.js';
import { readAddOnMemory } from './add-on-amounts.js';

const MiB = 1024 * 1024;
/** The weight of one core, packages/domain/sizes. */
const sharesPerCpu = 1024;

/** What `quantity` instances of a size count for. */
export function amountsOf(size: string, quantity: number): Pick<Amounts, 'memoryMiB' | 'cpus'> {
  const { memoryBytes, cpuShares } = parseSize(size);
  return { memoryMiB: (quantity * memoryBytes) / MiB, cpus: (quantity * cpuShares) / sharesPerCpu };
}

/** What an app is wanted to run: as it was scaled, and the first quantities of process types that a release brings along. */
export function wantedWith(
  app: { formation: readonly Scale[]; environment: Surroundings; currentReleaseId: string | null },
  { image, sections }: { image: { processTypes: unknown; environments: unknown } | null; sections: readonly string[] },
): Scale[] {
  const { formation, environment, currentReleaseId } = app;
  if (!image) return [...formation];
  const isNew = currentReleaseId === null && sections.includes(projectSection);
  const rows = isNew ? underSection(formation, sectionOf(image, projectSection)) : formation;
  const added = processTypesIn(image, sections).filter(
    ({ name }) => !rows.some(({ processType }) => processType === name),
  );
  return [...rows, ...joinFormation([], added, environment)];
}

/** What an app counts for; one that was never released counts as one web process, by default of this size. */
export function amountsOfApp(
  formation: readonly { size: string; quantity: number }[],
  size = defaultSize,
): Pick<Amounts, 'memoryMiB' | 'cpus'> {
  const entries = formation.length > 0 ? formation : [{ size, quantity: 1 }];
  const amounts = entries.map((entry) => amountsOf(entry.size, entry.quantity));
  return {
    memoryMiB: amounts.reduce((sum, { memoryMiB }) => sum + memoryMiB, 0),
    cpus: amounts.reduce((sum, { cpus }) => sum + cpus, 0),
  };
}

/** What the apps of a team, or of one environment, are wanted to take, also by releases that are running. */
export async function readTaken(db: Db | Tx, where: { teamId: string; environmentId?: string }): Promise<Amounts> {
  const apps = await db.app.findMany({
    where: { ...where, destroyedAt: null },
    select: {
      name: true,
      currentReleaseId: true,
      formation: { select: { processType: true, size: true, quantity: true } },
      environment: { select: surroundings },
      releases: {
        where: { status: 'running' },
        select: { sections: true, image: { select: { processTypes: true, environments: true } } },
      },
    },
  });
  const taken: Amounts = { apps: apps.length, environments: 0, memoryMiB: 0, cpus: 0, diskMiB: 0 };
  for (const { releases, ...app } of apps) {
    const [running] = releases;
    const wanted = running ? wantedWith(app, running) : app.formation;
    const { memoryMiB, cpus } = amountsOfApp(wanted, firstSize(app.environment));
    taken.memoryMiB += memoryMiB;
    taken.cpus += cpus;
  }
  for (const { size } of await db.oneOff.findMany({
    where: { app: { ...where, destroyedAt: null }, status: { in: ['pending', 'running'] } },
    select: { size: true },
  })) {
    const { memoryMiB, cpus } = amountsOf(size, 1);
    taken.memoryMiB += memoryMiB;
    taken.cpus += cpus;
  }
  taken.memoryMiB += await readAddOnMemory(db, where);
  const disk = await readDisk(db);
  if (where.environmentId) {
    taken.diskMiB = apps.reduce((sum, { name }) => sum + (disk.byApp.get(name) ?? 0), 0) / MiB;
    return taken;
  }
  const { teamId } = where;
  taken.environments = await db.environment.count({ where: { teamId, kind: 'project', destroyedAt: null } });
  const team = await db.team.findUniqueOrThrow({ where: { id: teamId }, select: { name: true } });
  taken.diskMiB = (disk.byTeam.get(team.name) ?? 0) / MiB;
  return taken;
}

/** Bytes as they were measured last; nothing before the first time. */
async function readDisk(db: Db | Tx) {
  const newest = await db.diskLedger.findFirst({
    orderBy: { measuredAt: 'desc' },
    select: { bytesByTeam: true, bytesByApp: true },
  });
  const toMap = (sums: unknown) => new Map(Object.entries(z.record(z.string(), z.number()).parse(sums ?? {})));
  return { byTeam: toMap(newest?.bytesByTeam), byApp: toMap(newest?.bytesByApp) };
}
