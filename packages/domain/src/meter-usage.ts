/** What one container had used since its start, and what memory is its own, at one look. */
export interface UsageSample {
  containerId: string;
  cpuMs: number;
  /** Memory that nobody else has: not the page cache. */
  ownBytes: number;
  isFrozen: boolean;
}

/** A container of an app that runs and is no instance: a one-off (a release phase and a cron run too), or a Redis server. */
export type OtherContainer = { containerId: string } & ({ appId: string } | { redisKey: string });

/** What one container used between two looks. */
export interface UsageEntry {
  containerId: string;
  cpuMs: number;
  /** MiB × seconds. */
  memoryMiBSeconds: number;
  awakeSeconds: number;
  asleepSeconds: number;
}

const MiB = 1024 * 1024;

/**
 * What was used since the look before. Memory is taken as it is now for the whole time between; a container that was not there
 * before counts with half of it, since it began somewhere in between.
 * @param elapsedMs between the two looks
 */
export function meterUsage(
  before: readonly UsageSample[],
  now: readonly UsageSample[],
  elapsedMs: number,
): UsageEntry[] {
  const known = new Map(before.map((sample) => [sample.containerId, sample]));
  return now.map(({ containerId, cpuMs, ownBytes, isFrozen }) => {
    const was = known.get(containerId);
    const seconds = (was ? elapsedMs : elapsedMs / 2) / 1_000;
    return {
      containerId,
      // A container that was started again counts from 0.
      cpuMs: was && was.cpuMs <= cpuMs ? cpuMs - was.cpuMs : cpuMs,
      memoryMiBSeconds: (ownBytes / MiB) * seconds,
      awakeSeconds: isFrozen ? 0 : seconds,
      asleepSeconds: isFrozen ? seconds : 0,
    };
  });
}

/** What an hour of one whole CPU, and of one GiB of memory, costs, in any currency. */
export interface Prices {
  cpuHour: number;
  gibHour: number;
}

/** What use costs at these prices. */
export function costOf(used: { cpuHours: number; gibHours: number }, { cpuHour, gibHour }: Prices): number {
  return used.cpuHours * cpuHour + used.gibHours * gibHour;
}
