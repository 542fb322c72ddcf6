/** What the host's CPUs did since its start. */
export interface CpuTimes {
  /** /proc/stat. */
  stat: string;
  /** CPU time of all builds. */
  buildsSeconds: number;
}

/** proc(5): user, nice, system, idle, iowait, irq, softirq, steal; guest times are in user already. */
const fields = 8;
/** USER_HZ. */
const ticksPerSecond = 100;

/** The part of the host's CPU time between two looks that went to all but builds, 0 to 1; pure. */
export function shareOfOthers(before: CpuTimes, after: CpuTimes): number {
  const [from, to] = [ticksOf(before.stat), ticksOf(after.stat)];
  const all = to.all - from.all;
  if (all <= 0) return 0;
  const builds = (after.buildsSeconds - before.buildsSeconds) * ticksPerSecond;
  return Math.max(0, Math.min(1, (to.busy - from.busy - builds) / all));
}

function ticksOf(stat: string): { all: number; busy: number } {
  const ticks = (/^cpu +(.*)$/m.exec(stat)?.[1] ?? '').split(' ').slice(0, fields).map(Number);
  const all = ticks.reduce((sum, one) => sum + one, 0);
  return { all, busy: all - (ticks[3] ?? 0) - (ticks[4] ?? 0) };
}
