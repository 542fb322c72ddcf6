import { type BuildQueue, expectedBuildMemory } from '@berth/domain/admit-build';
import type { Platform } from '../platform.js';

/** Builds of an app whose peaks tell what the next one will take. */
const recentMax = 3;

/**
 * What admission looks at before a build starts: it, the running ones, and those that could start as well (no build of their
 * app runs, no newer push has superseded them). Undefined when it does not wait any more.
 */
export async function readBuildQueue(
  { db }: Platform,
  { buildId, limitBytes }: { buildId: string; limitBytes: number },
): Promise<BuildQueue | undefined> {
  const open = await db.build.findMany({
    where: { status: { in: ['pending', 'running'] } },
    select: { id: true, status: true, accepted: true, app: { select: { id: true, teamId: true, lastAccepted: true } } },
  });
  const build = open.find(({ id }) => id === buildId);
  if (build?.status !== 'pending') return undefined;
  const running = open.filter(({ status }) => status === 'running');
  const busyApps = new Set(running.map(({ app }) => app.id));
  const expected = async ({ app }: (typeof open)[number]) => ({
    teamId: app.teamId,
    memoryBytes: expectedBuildMemory(await readPeaks(db, app.id), limitBytes),
  });
  return {
    build: await expected(build),
    running: await Promise.all(running.map(expected)),
    waiting: open
      .filter(({ id, status, app, accepted }) => {
        const isNext = status === 'pending' && !busyApps.has(app.id) && accepted === app.lastAccepted;
        return isNext && id !== buildId;
      })
      .map(({ app }) => ({ teamId: app.teamId })),
  };
}

async function readPeaks(db: Platform['db'], appId: string): Promise<number[]> {
  const builds = await db.build.findMany({
    where: { appId, peakMemoryBytes: { not: null } },
    orderBy: { createdAt: 'desc' },
    take: recentMax,
    select: { peakMemoryBytes: true },
  });
  return builds.map(({ peakMemoryBytes }) => Number(peakMemoryBytes));
}
