import type { Prisma } from '@berth/db/generated/client';
import type { Platform } from '../platform.js';

/** What apps used. */
export interface Used {
  cpuHours: number;
  /** Memory of their own × time. */
  gibHours: number;
  /** Summed over instances. */
  awakeHours: number;
  asleepHours: number;
}

const hourMs = 3_600_000;
const gibHourInMiBSeconds = 1_024 * 3_600;

/** Sums of rows of use in the units that people read. */
export const toUsed = (sum: {
  cpuMs: number | null;
  memoryMiBSeconds: number | null;
  awakeSeconds: number | null;
  asleepSeconds: number | null;
}): Used => ({
  cpuHours: (sum.cpuMs ?? 0) / hourMs,
  gibHours: (sum.memoryMiBSeconds ?? 0) / gibHourInMiBSeconds,
  awakeHours: (sum.awakeSeconds ?? 0) / 3_600,
  asleepHours: (sum.asleepSeconds ?? 0) / 3_600,
});

/** What {@link toUsed} reads. */
export const usedSums = {
  cpuMs: true,
  memoryMiBSeconds: true,
  awakeSeconds: true,
  asleepSeconds: true,
} as const satisfies Prisma.UsageHourSumAggregateInputType;

/** What an environment used since some time, apps that are gone included; the hour in which that lies counts as a whole. */
export async function readUsed(
  { db }: Platform,
  { teamId, environment, since }: { teamId: string; environment: string; since: Date },
): Promise<Used> {
  const hour = { gte: new Date(Math.floor(since.getTime() / hourMs) * hourMs) };
  const { _sum: sum } = await db.usageHour.aggregate({ where: { teamId, environment, hour }, _sum: usedSums });
  return toUsed(sum);
}
