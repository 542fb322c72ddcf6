import type { Stoppable } from '@berth/daemon/run';
import { planSleep, type SleepAction, type SleepingApp, type SleepLimits } from '@berth/domain/plan-sleep';
import type { HostMemory, InstanceActivity } from '@berth/engine/host-usage';
import { listSleepers, type SleeperFacts } from '@berth/platform/sleep/list-sleepers';
import { keepLooking, type Looked } from '../keep-looking.js';
import { CpuWatch } from './cpu-watch.js';
import { pushOut, putAway, stopAsleep } from './descend.js';
import { fallAsleep } from './fall-asleep.js';
import type { SleepKeeper } from './sleep-keeper.js';
import { wakeApp } from './wake-app.js';

export interface SleepSettings {
  pushOutAfterMs: number;
  stopAfterMs: number;
  imageOnlyAfterMs: number;
  /** Share of the host's memory. */
  freeMemory: number;
  /** Share of a core. */
  cpu: number;
}

const lookEachMs = 5_000;
/** After a fall that did not come off, ms. */
const restMs = 60_000;
const leastIdleMs = 60_000;
const stepsUnderPressure = 8;
/** Falls at a time; each mostly waits for the router. */
const fallsSideBySide = 8;

/** Looks each five seconds (more seldom when a look costs much), and when a person asked, who goes a step down the ladder of sleep and who is to be woken. */
export function keepSleep(keeper: SleepKeeper, settings: SleepSettings): Stoppable {
  const stopping = new AbortController();
  const loop = new SleepLoop(keeper, settings);
  const running = loop.run(stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      await running;
      await keeper.transitions.settled();
    },
  };
}

class SleepLoop {
  readonly #keeper: SleepKeeper;
  readonly #settings: SleepSettings;
  readonly #cpu: CpuWatch;
  readonly #busy = new Set<string>();
  readonly #restsUntil = new Map<string, number>();
  /** Memory is pushed out, and processes are ended, one app after the other: both cost the host CPU time. */
  #chain: Promise<void> = Promise.resolve();
  #falls = 0;

  constructor(keeper: SleepKeeper, settings: SleepSettings) {
    this.#keeper = keeper;
    this.#settings = settings;
    this.#cpu = new CpuWatch(settings.cpu);
  }

  async run(signal: AbortSignal): Promise<void> {
    await keepLooking(this.#keeper, { name: 'sleep', topics: ['sleep'], signal }, () => this.#look());
    await this.#chain;
  }

  async #look(): Promise<Looked> {
    const { platform, engine } = this.#keeper;
    const now = new Date();
    const begunAt = performance.now();
    this.#keeper.transitions.forgetBefore(begunAt);
    const [rows, host] = await Promise.all([listSleepers(platform, now), engine.readActivity()]);
    this.#cpu.note(host.containers, now.getTime());
    const byId = new Map(rows.map((row) => [row.appId, row]));
    const seen = new Map(host.containers.map((one) => [one.containerId, one]));
    const apps = rows.map((row) => this.#toSleepingApp(row, seen, begunAt));
    const actions = planSleep(now.getTime(), apps, this.#limits(host));
    for (const action of actions) {
      const row = byId.get(action.appId);
      if (row) this.#begin(action, row);
    }
    this.#prune(now.getTime(), byId);
    return { topics: ['sleep'], pauseMs: lookEachMs, isActive: actions.length > 0 };
  }

  /** What is not kept for apps that are gone, nor for longer than it is of use. */
  #prune(now: number, rows: ReadonlyMap<string, SleeperFacts>): void {
    const { frozen, transitions } = this.#keeper;
    for (const appId of frozen.keys()) if (!rows.has(appId) && !transitions.isBusy(appId)) frozen.delete(appId);
    for (const [appId, until] of this.#restsUntil) if (until <= now) this.#restsUntil.delete(appId);
  }

  #limits({ memory, swap }: HostMemory): SleepLimits {
    const { pushOutAfterMs, stopAfterMs, imageOnlyAfterMs, freeMemory } = this.#settings;
    return {
      ...{ pushOutAfterMs, stopAfterMs, imageOnlyAfterMs, leastIdleMs, stepsUnderPressure },
      hasSwap: swap.freeBytes > 0,
      isUnderPressure: memory.availableBytes < memory.totalBytes * freeMemory,
    };
  }

  #toSleepingApp(row: SleeperFacts, seen: ReadonlyMap<string, InstanceActivity>, begunAt: number): SleepingApp {
    const { appId, sleep, containerIds, activeAt } = row;
    return {
      ...row,
      state: sleep?.state ?? 'awake',
      since: sleep?.since.getTime() ?? 0,
      sleepingRolloutId: sleep?.rolloutId ?? null,
      activeAt: Math.max(activeAt, this.#cpu.busyAt(containerIds)),
      asked: sleep?.asked ?? null,
      containers: containerIds.map((containerId) => {
        const one = seen.get(containerId);
        return { containerId, state: !one ? 'ended' : one.isFrozen ? 'frozen' : 'running' };
      }),
      restsUntil: this.#restsUntil.get(appId) ?? 0,
      isBusy: this.#busy.has(appId) || this.#keeper.transitions.wasBusySince(appId, begunAt),
    };
  }

  #begin(action: SleepAction, row: SleeperFacts): void {
    if (action.do === 'freeze' && this.#falls >= fallsSideBySide) return; // the next look begins it
    const { logger } = this.#keeper;
    const { appId } = action;
    this.#busy.add(appId);
    this.#perform(action, row)
      .catch((error) => logger.warn({ err: error, appId, do: action.do }, 'sleep action'))
      .finally(() => this.#busy.delete(appId));
  }

  async #perform(action: SleepAction, row: SleeperFacts): Promise<void> {
    const { appId } = action;
    switch (action.do) {
      case 'freeze':
        return this.#freeze(row);
      case 'wake':
        return wakeApp(this.#keeper, appId, action.why === 'asked');
      case 'thaw':
        return void (await this.#keeper.engine.thawInstances(action.containerIds));
      case 'push-out':
        return this.#inTurn(() => pushOut(this.#keeper, appId));
      case 'stop':
        return this.#inTurn(() => stopAsleep(this.#keeper, appId));
      case 'put-away':
        return this.#inTurn(() => putAway(this.#keeper, appId));
    }
  }

  async #freeze({ appId, rolloutId, containerIds }: SleeperFacts): Promise<void> {
    this.#falls++;
    try {
      const { containers } = await this.#keeper.engine.readUsage(containerIds);
      const memoryBytes = containers.reduce((sum, one) => sum + one.memoryBytes, 0);
      const isAsleep = await fallAsleep(this.#keeper, { appId, rolloutId, containerIds, memoryBytes });
      if (!isAsleep) this.#restsUntil.set(appId, Date.now() + restMs);
      else await this.#keeper.platform.wake.publish(['sleep']); // who was asked for more goes on at once
    } finally {
      this.#falls--;
    }
  }

  #inTurn(body: () => Promise<void>): Promise<void> {
    const done = this.#chain.then(body);
    this.#chain = done.catch(() => {});
    return done;
  }
}
