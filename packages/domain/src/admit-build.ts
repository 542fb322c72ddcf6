/** A build that runs or wants to, as admission sees it. */
export interface QueuedBuild {
  teamId: string;
  /** What it is expected to take at most, bytes: {@link expectedBuildMemory}. */
  memoryBytes: number;
}

export interface BuildQueue {
  build: QueuedBuild;
  running: readonly QueuedBuild[];
  /** Other builds that could start now. */
  waiting: readonly { teamId: string }[];
}

export type Admission = { isAdmitted: true } | { isAdmitted: false; because: string };

/** Peaks of an app's builds vary by about this much. */
const spread = 1.25;
const MiB = 1024 * 1024;
/** For an app that was never built: what most builds stay below. */
const unknownBytes = 768 * MiB;

/** What a build will take, by the measured peaks of its app's last ones (page cache included) and never beyond its limit. */
export function expectedBuildMemory(peaks: readonly number[], limitBytes: number): number {
  const expected = peaks.length === 0 ? unknownBytes : Math.max(...peaks) * spread;
  return Math.min(Math.ceil(expected), limitBytes);
}

/**
 * May this build start now? One that would be alone always may, so that the queue never stands still. Else the host's free
 * memory has to hold what it and the running ones are expected to take, with `headroomBytes` left for the apps; and a team
 * gets no further build while one that runs fewer waits.
 */
export function admitBuild(
  { build, running, waiting }: BuildQueue,
  host: { freeBytes: number; headroomBytes: number },
): Admission {
  if (running.length === 0) return { isAdmitted: true };
  const countOf = (teamId: string) => running.filter((one) => one.teamId === teamId).length;
  const own = countOf(build.teamId);
  if (waiting.some(({ teamId }) => countOf(teamId) < own))
    return { isAdmitted: false, because: 'another team, which has fewer builds running, is next' };
  const expected = running.reduce((sum, { memoryBytes }) => sum + memoryBytes, build.memoryBytes);
  if (expected + host.headroomBytes <= host.freeBytes) return { isAdmitted: true };
  const shown = (bytes: number) => `${Math.max(0, Math.round(bytes / MiB))} MiB`;
  const free = host.freeBytes - host.headroomBytes - (expected - build.memoryBytes);
  return {
    isAdmitted: false,
    because: `it is expected to take ${shown(build.memoryBytes)} of memory, and beside the running builds and the apps ${shown(free)} are free`,
  };
}
