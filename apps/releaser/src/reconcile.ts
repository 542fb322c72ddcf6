import { instanceName, planReconcile, type ReconcileAction } from '@berth/domain/plan-reconcile';
import { planGroups } from '@berth/domain/plan-rollout';
import { parseSize } from '@berth/domain/sizes';
import { listKnown } from '@berth/platform/instances/list-known';
import { listWanted, type WantedApp } from '@berth/platform/instances/list-wanted';
import { listLive } from '@berth/platform/rollouts/list-live';
import { listAsleep } from '@berth/platform/sleep/list-asleep';
import { CrashSeries } from './crash-series.js';
import { keepLooking, type Looked } from './keep-looking.js';
import { doAction } from './reconcile-action.js';
import type { Releaser } from './releaser.js';

/** Containers that are started or stopped at a time; each costs the engine 0.3 s of CPU. */
const startsSideBySide = 6;
/** A look when nothing was heard of and nothing is on its way, ms. */
const idleMs = 5_000;
const activeMs = 1_000;

/**
 * Compares wanted with running instances and heals, until `stop`: at every container event, at every wake of
 * `instances`, and in any case every 5 s (each second while something is on its way), more seldom when a look costs much.
 */
export function reconcile(releaser: Releaser): { stop: () => Promise<void> } {
  const stopping = new AbortController();
  const loop = new ReconcileLoop(releaser, stopping.signal);
  const watching = releaser.engine.watch(() => void releaser.platform.wake.publish(['instances']), stopping.signal);
  const running = loop.run();
  return {
    stop: async () => {
      stopping.abort(new Error('the releaser stops'));
      await Promise.allSettled([running, watching, loop.settled()]);
    },
  };
}

class ReconcileLoop {
  readonly #releaser: Releaser;
  readonly #signal: AbortSignal;
  readonly #series = new CrashSeries();
  /** What is at work, by instance name: stopping one takes up to a minute, and nothing waits for it. */
  readonly #busy = new Map<string, Promise<void>>();

  constructor(releaser: Releaser, signal: AbortSignal) {
    this.#releaser = releaser;
    this.#signal = signal;
  }

  run(): Promise<void> {
    const about = { name: 'reconcile', topics: ['instances'] as const, signal: this.#signal };
    return keepLooking(this.#releaser, about, () => this.#look());
  }

  async settled(): Promise<void> {
    await Promise.allSettled(this.#busy.values());
  }

  /** One look. Says which rollouts' servers are waited for. */
  async #look(): Promise<Looked> {
    const { platform, engine } = this.#releaser;
    // Containers first: one that is seen has its rollout's row by the time the rows are read.
    const containers = await engine.listInstances();
    const asleep = await listAsleep(platform); // sleep/ has those
    const [{ apps: wanted, unreadable }, known, live] = await Promise.all([
      listWanted(platform, { except: asleep }),
      listKnown(platform),
      listLive(platform),
    ]);
    const { seen, rows } = this.#leaveAlone(unreadable, containers, known);
    const isRollingOut = new Set(
      live.filter(({ status }) => status === 'pending' || status === 'running').map(({ appId }) => appId),
    );
    const now = Date.now();
    const actions = planReconcile({
      wanted: wanted.map(({ app, rolloutId, formation }) => ({
        appId: app.id,
        rolloutId,
        isRollingOut: isRollingOut.has(app.id),
        isDebug: app.debugUntil !== null,
        groups: planGroups(formation).map((group) => ({ ...group, memoryBytes: parseSize(group.size).memoryBytes })),
      })),
      liveRollouts: new Set(live.map(({ rolloutId }) => rolloutId)),
      known: rows.map((row) => ({ ...row, instanceId: row.id })),
      seen,
      mayStart: (key) => this.#series.mayStart(key, now),
      isBusy: (key) => this.#busy.has(instanceName(key)),
    });
    this.#series.keepOnly(new Set([...seen, ...rows].map(instanceName)));
    for (const action of actions)
      this.#begin(
        action,
        wanted.find(({ app }) => app.id === action.appId),
      );
    const probed = rows.filter((row) => row.server?.wanted === 'probe').map(({ rolloutId }) => rolloutId);
    const isActive = actions.length > 0 || probed.length > 0 || this.#series.nextStartAt(now) !== undefined;
    const topics = [...new Set(probed)].map((id) => `rollout:${id}` as const);
    return { topics: ['instances', ...topics], pauseMs: isActive ? activeMs : idleMs, isActive };
  }

  /** An app that cannot be read is neither healed nor stopped: one bad row must not stop the healing of all the others. */
  #leaveAlone<C extends { appId: string }, R extends { appId: string }>(
    unreadable: readonly { appId: string; error: unknown }[],
    containers: readonly C[],
    known: readonly R[],
  ) {
    for (const { appId, error } of unreadable) this.#releaser.logger.error({ err: error, appId }, 'app cannot be read');
    const ids = new Set(unreadable.map(({ appId }) => appId));
    const isReadable = ({ appId }: { appId: string }) => !ids.has(appId);
    return { seen: containers.filter(isReadable), rows: known.filter(isReadable) };
  }

  #begin(action: ReconcileAction, wanted: WantedApp | undefined): void {
    const isStart = action.do === 'start' || action.do === 'restart' || action.do === 'hold';
    if (isStart && this.#busy.size >= startsSideBySide) return; // the next look begins it
    const name = instanceName(action);
    const now = Date.now();
    if (isStart) this.#series.noteStart(action, now);
    if (action.do === 'note-crash') this.#series.noteCrash(action, now);
    this.#busy.set(name, this.#perform(action, wanted));
  }

  async #perform(action: ReconcileAction, wanted: WantedApp | undefined): Promise<void> {
    const { platform, logger } = this.#releaser;
    const name = instanceName(action);
    try {
      await doAction(this.#releaser, action, wanted, this.#signal);
      this.#busy.delete(name);
      await platform.wake.publish(['instances']); // for its next step; after a failure the poll is soon enough
    } catch (error) {
      this.#busy.delete(name);
      if (this.#signal.aborted) return;
      if (action.do === 'start' || action.do === 'restart') this.#series.noteCrash(action, Date.now());
      logger.warn({ err: error, instance: name, do: action.do }, 'reconcile action');
    }
  }
}
