/**
 * CPU time of this process from now on: call what it returns for ms. Unlike the time on the wall it does not grow while others
 * have the cores.
 */
export function startCpuClock(): () => number {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  };
}

/** A loop that rests so long (ms) after a look that took this much CPU time takes a quarter of a percent of a core, however much there is to look at. */
export const restAfter = (cpuMs: number): number => 400 * cpuMs;
