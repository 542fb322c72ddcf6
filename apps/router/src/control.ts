import { restAfter, startCpuClock } from '@berth/daemon/cpu-clock';
import type { Logger } from '@berth/daemon/logger';
import { TransientError } from '@berth/domain/errors';
import { mapContents } from '@berth/router/maps';
import { type Plan, planChanges } from '@berth/router/plan-changes';
import type { RouteTable } from '@berth/router/route-table';
import type { Stock } from '@berth/router/slots';
import type { AppIndex } from './app-index.js';
import type { Doorbell } from './doorbell.js';
import { closingSlots, GateWatch } from './gate-watch.js';
import { giveSlots } from './give-slots.js';
import type { Haproxy } from './haproxy.js';
import type { HaproxyLink } from './haproxy-link.js';
import { liveServers } from './live-servers.js';
import { nothingReported, type Reported, reportSeen } from './report-seen.js';
import type { RouteSource } from './route-source.js';
import type { RouterFiles } from './router-files.js';

export interface ControlParts {
  source: RouteSource;
  files: RouterFiles;
  link: HaproxyLink;
  /** Rings when a route row changed. */
  bell: Doorbell;
  apps: AppIndex;
  logger: Logger;
  /** Backends per kind to begin with. */
  stock: Stock;
}

interface View {
  table: RouteTable;
  reported: Reported;
  readAt: number;
  /** CPU time of the read, ms. */
  tookMs: number;
  /** Something in it is another by now. */
  isStale: boolean;
}

/** What a turn leaves to the next. */
interface Memory {
  view: View | undefined;
  stock: Stock;
  /** Slots with servers on their way: looked at in each turn. */
  moving: string[];
  gates: GateWatch;
  /** Where the round of looks at all the others goes on. */
  next: number;
}

/**
 * ms until the next look: with servers on their way, without HAProxy, with servers whose checks do not pass (a release that waits
 * for one is told why), and when all is still.
 */
const pauses = { moving: 20, absent: 50, failing: 500, still: 1_000, longestStill: 5_000 };
/** A table that nobody told of is read again by then, ms; one that takes long (hundreds of apps) not at each of many messages. */
const readAgain = { leastMs: 3_000, longestMs: 60_000, cheapMs: 30, gapFor: 4, longestGapMs: 1_000 };
const roundsMax = 20;
const looksPerTurn = 50;

/**
 * The router's controller: reads what is wanted, makes HAProxy so, tells what HAProxy sees. Each turn starts from what is really
 * there, so a killed controller or a killed HAProxy is an ordinary turn.
 */
export async function control(parts: ControlParts, signal: AbortSignal): Promise<void> {
  const memory: Memory = { view: undefined, stock: parts.stock, moving: [], gates: new GateWatch(), next: 0 };
  while (!signal.aborted) {
    let pause = pauses.absent;
    const cpuMs = startCpuClock();
    try {
      pause = await turn(parts, memory);
      if (pause === pauses.still) pause = Math.max(pause, Math.min(pauses.longestStill, restAfter(cpuMs())));
    } catch (error) {
      if (error instanceof TransientError) parts.logger.warn({ err: error }, 'HAProxy went away');
      else parts.logger.error({ err: error }, 'turn of the controller');
      parts.link.drop();
      memory.view = undefined;
      pause = error instanceof TransientError ? pauses.absent : pauses.still;
    }
    if ((await parts.bell.wait(pause)) && memory.view) memory.view.isStale = true;
  }
}

/** One look, one plan made true, one report. Returns how soon to look again, ms. */
async function turn(parts: ControlParts, memory: Memory): Promise<number> {
  const { source, files, link } = parts;
  const haproxy = await link.find();
  if (haproxy?.isFresh) memory.view = undefined; // what was healthy until now is in the rows
  const view = await readWanted(parts, memory, haproxy);
  const { table, reported } = view;
  const wanted = await files.wanted(memory.stock);
  if (!haproxy) {
    await files.write(wanted, mapContents(table), liveServers(table, undefined));
    return pauses.absent;
  }
  if (haproxy.fingerprint !== wanted.fingerprint) {
    await files.write(wanted, haproxy.state.maps, liveServers(table, haproxy.state.servers));
    if (await link.reload(wanted.fingerprint)) return 0;
  }
  const lookedAt = performance.now();
  const closing = closingSlots(table);
  await haproxy.look(new Set([...nextSlots(memory, haproxy), ...closing]));
  const plan = await settle(parts, table, haproxy);
  await files.write(wanted, haproxy.state.maps, liveServers(table, haproxy.state.servers));
  const openInOld = await link.old.countOpen(instancesThatAreOver(table));
  const hasUnknownWorkers = () => link.hasUnknownWorkers();
  const isBlind = closing.length > 0 && (await hasUnknownWorkers());
  const isQuiet = (slot: string) => !isBlind && haproxy.isQuiet(slot, openInOld);
  const applied = memory.gates.confirm(plan.applied, table, { lookedAt, isQuiet });
  await reportSeen(source, { table, plan: { ...plan, applied }, reported, openInOld }, hasUnknownWorkers);
  const versions = new Map(applied.map(({ appId, version }) => [appId, version]));
  for (const route of table.routes) route.appliedVersion = versions.get(route.appId) ?? route.appliedVersion;
  if (await freeRetired(source, table, haproxy)) memory.view = undefined;
  memory.moving = [...new Set([...plan.moving, ...closing])];
  const isMoving = memory.moving.length > 0 || applied.length < plan.applied.length;
  if (isMoving) return pauses.moving;
  const isFailing = plan.seen.some(({ seen }) => seen === 'checking' || seen === 'failing');
  const pause = isFailing ? pauses.failing : pauses.still;
  return view.isStale ? Math.min(pause, validFor(view)) : pause;
}

/** How long a table may be used, ms since it was read. */
function validFor({ tookMs, isStale }: View): number {
  const { leastMs, longestMs, cheapMs, gapFor, longestGapMs } = readAgain;
  if (isStale) return Math.min(longestGapMs, gapFor * Math.max(0, tookMs - cheapMs));
  return Math.max(leastMs, Math.min(longestMs, restAfter(tookMs)));
}

/** The table, read again when a row changed, and once in a while. */
async function readWanted(parts: ControlParts, memory: Memory, haproxy: Haproxy | undefined): Promise<View> {
  const { view } = memory;
  const isOver = view?.table.detours?.some(({ leaseUntil }) => leaseUntil <= Date.now()) ?? false;
  if (view && !isOver && performance.now() - view.readAt < validFor(view)) return view;
  const readAt = performance.now();
  const cpuMs = startCpuClock();
  const rows = await parts.source.readTable();
  const tookMs = cpuMs();
  if (haproxy)
    for (const kind of ['any', 'strict'] as const)
      memory.stock[kind] = Math.max(memory.stock[kind], haproxy.stock[kind]);
  const { table, stock } = await giveSlots(parts.source, rows, memory.stock, new Set(haproxy?.slotsInUse));
  memory.stock = stock;
  memory.view = { table, reported: nothingReported(), readAt, tookMs, isStale: false };
  parts.apps.learn(table);
  return memory.view;
}

/** Those on their way, and some of the others: a still router looks at each once in a while. */
function nextSlots(memory: Memory, haproxy: Haproxy): Set<string> {
  if (memory.moving.length > 0) return new Set(memory.moving);
  const slots = haproxy.slotsInUse;
  const start = memory.next < slots.length ? memory.next : 0;
  memory.next = start + looksPerTurn;
  return new Set(slots.slice(start, memory.next));
}

/** Plans and changes until nothing is left that can be done at once. */
async function settle({ logger }: ControlParts, table: RouteTable, haproxy: Haproxy): Promise<Plan> {
  for (let round = 1; ; round++) {
    const plan = planChanges(table, haproxy.state);
    const changes = haproxy.possible(plan.changes);
    if (changes.length === 0 || round > roundsMax) {
      haproxy.isFresh = false;
      return plan;
    }
    const refused = await haproxy.apply(changes);
    for (const error of refused) logger.debug({ err: error, round }, 'refused');
    if (refused.length === changes.length) return planChanges(table, haproxy.state);
  }
}

/** As planServers has it: nobody wants them, or they are to be gone. */
function instancesThatAreOver({ backends }: RouteTable): (instanceId: string) => boolean {
  const there = backends.flatMap(({ isRetired, servers }) =>
    isRetired ? [] : servers.flatMap(({ instanceId, wanted }) => (wanted === 'gone' ? [] : [instanceId])),
  );
  const wanted = new Set(there);
  return (instanceId) => !wanted.has(instanceId);
}

/** Gives back the slots of rollouts whose containers are gone. */
async function freeRetired(source: RouteSource, table: RouteTable, haproxy: Haproxy): Promise<boolean> {
  const busy = new Set(haproxy.slotsInUse);
  const empty = table.backends.filter(({ isRetired, slot }) => isRetired && !(slot && busy.has(slot)));
  for (const { rolloutId } of empty) await source.freeSlot(rolloutId);
  return empty.length > 0;
}
