import type { Tx } from '@berth/db/client';
import { expectedBuildMemory } from '@berth/domain/admit-build';
import { checkRoom } from '@berth/domain/check-room';
import { mayBeAsleep, sleepPolicyOf } from '@berth/domain/sleep-policy';
import { isAsleep, type SleepState } from '@berth/domain/sleep-state';
import type { Platform } from '../platform.js';
import { type HostLook, readHostLook } from '../usage/host-look.js';

/** A look is made each minute: an older one tells nothing of now. */
const freshMs = 3 * 60_000;
/** Cores: an app that has less to do may be put to sleep. */
const idleCpus = 0.05;
/**
 * Of the memory that was pushed out, what lies compressed in memory and comes back when the app is stopped. 0.35 was measured
 * (docs/benchmarks.md, density); where the swap is on a disk it is none, and Berth stops more of them.
 */
const compressed = 0.25;

interface Asleep {
  state: SleepState;
  freedBytes: number;
}

/** The app of a service in the base. */
interface BaseApp {
  id: string;
  formation: readonly { quantity: number }[];
}

/**
 * Refuses services of a project environment that the host has no memory for, by what their base's apps take, when even all that
 * may sleep gave its memory back. Where nobody has looked at the host lately, or at such an app, nothing is known and nothing
 * is refused. It is an estimate: of two that are made at once neither sees the other (one lock for all would be taken after the
 * team's row by the one caller and before it by the other), and what sleeps makes way for what they take too much.
 */
export async function requireRoom(
  platform: Platform,
  tx: Tx,
  { environment, services }: { environment: string; services: readonly { base: BaseApp | null }[] },
): Promise<void> {
  const look = await readHostLook(platform).catch(() => undefined);
  if (!look || Date.now() - look.at.getTime() > freshMs) return;
  const rows = await tx.sleep.findMany({ select: { appId: true, state: true, freedBytes: true } });
  const asleep = new Map<string, Asleep>(
    rows.flatMap(({ appId, state, freedBytes }) =>
      isAsleep(state) ? [[appId, { state, freedBytes: Number(freedBytes) }]] : [],
    ),
  );
  const takes = ({ id, formation }: BaseApp) =>
    ((look.apps.get(id)?.ownBytes ?? 0) + (asleep.get(id)?.freedBytes ?? 0)) * shareOf(formation);
  const needs = services.reduce((sum, { base }) => sum + (base ? takes(base) : 0), 0);
  if (needs === 0) return;
  const { headroomBytes, memory } = look;
  const room = { headroomBytes, availableBytes: memory.availableBytes, comingBytes: 0, spareBytes: 0 };
  room.comingBytes = await readComing(tx, look, asleep, takes);
  if (needs + room.comingBytes <= room.availableBytes - headroomBytes) return;
  room.spareBytes = (await readSleepable(tx, look, asleep)) + (await readBuilding(tx));
  checkRoom(environment, needs, room);
}

/** A project environment's app has one instance of each process type at the most (put-service). */
function shareOf(formation: BaseApp['formation']): number {
  const all = formation.reduce((sum, { quantity }) => sum + quantity, 0);
  return all === 0 ? 1 : formation.filter(({ quantity }) => quantity > 0).length / all;
}

/** What project environments' apps will take that the look has not seen, by their base's apps. */
async function readComing(
  tx: Tx,
  look: HostLook,
  asleep: ReadonlyMap<string, Asleep>,
  takes: (base: BaseApp) => number,
): Promise<number> {
  const startsNow = {
    projectService: { status: { in: ['pending' as const, 'building' as const, 'starting' as const] } },
  };
  const apps = await tx.app.findMany({
    where: {
      ...{ destroyedAt: null, environment: { kind: 'project' } },
      OR: [{ createdAt: { gt: look.at } }, startsNow],
    },
    select: {
      ...{ id: true, environment: { select: { baseId: true } } },
      pipeline: {
        select: {
          apps: {
            where: { destroyedAt: null, environment: { kind: 'stable' } },
            select: { id: true, environmentId: true, formation: { select: { quantity: true } } },
          },
        },
      },
    },
  });
  return apps
    .filter(({ id }) => !look.apps.has(id) && !asleep.has(id))
    .reduce((sum, { environment, pipeline }) => {
      const base = pipeline?.apps.find(({ environmentId }) => environmentId === environment.baseId);
      return sum + (base ? takes(base) : 0);
    }, 0);
}

/** What Berth gets back by putting apps to sleep, and those that sleep a step down. */
async function readSleepable(tx: Tx, look: HostLook, asleep: ReadonlyMap<string, Asleep>): Promise<number> {
  const apps = await tx.app.findMany({
    where: { destroyedAt: null, debugUntil: null, OR: [{ sleep: null }, { sleep: { isExempt: false } }] },
    select: { id: true, environment: { select: { kind: true, sleep: true } } },
  });
  const now = new Date();
  return apps
    .filter(({ environment }) => mayBeAsleep(sleepPolicyOf(environment), now))
    .reduce((sum, { id }) => sum + givesBack(look.apps.get(id), asleep.get(id)), 0);
}

function givesBack(seen: { ownBytes: number; cpus: number } | undefined, asleep: Asleep | undefined): number {
  const { ownBytes, cpus } = seen ?? { ownBytes: 0, cpus: 0 };
  if (!asleep) return cpus < idleCpus ? ownBytes : 0;
  return ownBytes + (asleep.state === 'pushed_out' ? asleep.freedBytes * compressed : 0);
}

/** What the builds that run have at the most: builds wait for memory themselves, and end. */
async function readBuilding(tx: Tx): Promise<number> {
  const builds = await tx.build.findMany({
    where: { status: 'running' },
    select: {
      app: { select: { builds: { orderBy: { createdAt: 'desc' }, take: 3, select: { peakMemoryBytes: true } } } },
    },
  });
  const peaksOf = ({ app }: (typeof builds)[number]) =>
    app.builds.flatMap(({ peakMemoryBytes }) => (peakMemoryBytes === null ? [] : [Number(peakMemoryBytes)]));
  return builds.reduce((sum, build) => sum + expectedBuildMemory(peaksOf(build), Number.POSITIVE_INFINITY), 0);
}
