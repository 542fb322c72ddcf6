import type { Db, Tx } from '@berth/db/client';
import type { DiskLedger } from '@berth/domain/disk-ledger';
import type { Amounts } from '@berth/domain/quota';
import { defaultSize, parseSize } from '@berth/domain/sizes';

const MiB = 1024 * 1024;
/** The weight of one core, packages/domain/sizes. */
const sharesPerCpu = 1024;

/** What `quantity` instances of a size count for. */
export function amountsOf(size: string, quantity: number): Pick<Amounts, 'memoryMiB' | 'cpus'> {
  const { memoryBytes, cpuShares } = parseSize(size);
  return { memoryMiB: (quantity * memoryBytes) / MiB, cpus: (quantity * cpuShares) / sharesPerCpu };
}

/** What a new app counts for before its first release says more: one web process. */
export const newApp = { apps: 1, ...amountsOf(defaultSize, 1) };

/** What an app counts for; one that was never released counts as one web process. */
export function amountsOfApp(
  formation: readonly { size: string; quantity: number }[],
): Pick<Amounts, 'memoryMiB' | 'cpus'> {
  const entries = formation.length > 0 ? formation : [{ size: defaultSize, quantity: 1 }];
  const amounts = entries.map(({ size, quantity }) => amountsOf(size, quantity));
  return {
    memoryMiB: amounts.reduce((sum, { memoryMiB }) => sum + memoryMiB, 0),
    cpus: amounts.reduce((sum, { cpus }) => sum + cpus, 0),
  };
}

/** What the apps of a team, or of one environment, are wanted to take. */
export async function readTaken(db: Db | Tx, where: { teamId: string; environmentId?: string }): Promise<Amounts> {
  const apps = await db.app.findMany({
    where: { ...where, destroyedAt: null },
    select: { formation: { select: { size: true, quantity: true } } },
  });
  const taken: Amounts = { apps: apps.length, environments: 0, memoryMiB: 0, cpus: 0, diskMiB: 0 };
  for (const { formation } of apps) {
    const { memoryMiB, cpus } = amountsOfApp(formation);
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
  for (const { size } of await db.oneOff.findMany({
    where: { app: { ...where, destroyedAt: null }, status: { in: ['pending', 'running'] } },
    select: { size: true },
  })) {
    const { memoryMiB, cpus } = amountsOf(size, 1);
    taken.memoryMiB += memoryMiB;
    taken.cpus += cpus;
  }
  if (where.environmentId) return taken;
  const { teamId } = where;
  taken.environments = await db.environment.count({ where: { teamId, kind: 'project', destroyedAt: null } });
  taken.diskMiB = await readDiskMiB(db, teamId);
  return taken;
}

/** As it was measured last; 0 before the first time. */
async function readDiskMiB(db: Db | Tx, teamId: string): Promise<number> {
  const [newest, team] = await Promise.all([
    db.diskLedger.findFirst({ orderBy: { measuredAt: 'desc' } }),
    db.team.findUniqueOrThrow({ where: { id: teamId }, select: { name: true } }),
  ]);
  const entries = (newest?.ledger as DiskLedger | undefined)?.entries ?? [];
  const own = entries.filter(({ team: owner, within }) => owner === team.name && within === null);
  return own.reduce((bytes, entry) => bytes + entry.bytes, 0) / MiB;
}
