import { type InstanceKey, instanceName } from '@berth/domain/plan-reconcile';

const firstPauseMs = 1_000;
const longestPauseMs = 5 * 60_000;
/** An instance that ran this long and then exits has had a good start: its pauses start anew, ms. */
const goodRunMs = 60_000;

/** The pause after the n-th crash in a row: 1 s, 2 s, 4 s … 5 min. */
export const pauseAfter = (crashes: number): number => Math.min(longestPauseMs, firstPauseMs * 2 ** (crashes - 1));

/**
 * Crashes in a row of each instance. Kept in memory only: a releaser that starts anew tries everything at once, which
 * is what is wanted after a restart of the host.
 */
export class CrashSeries {
  readonly #series = new Map<string, { crashes: number; startedAt: number; mayStartAt: number }>();

  /** A start or a restart is tried now. */
  noteStart(key: InstanceKey, now: number): void {
    const { crashes = 0, mayStartAt = 0 } = this.#series.get(instanceName(key)) ?? {};
    this.#series.set(instanceName(key), { crashes, startedAt: now, mayStartAt });
  }

  /** It exited, or could not be started. */
  noteCrash(key: InstanceKey, now: number): void {
    const last = this.#series.get(instanceName(key));
    const crashes = last && now - last.startedAt < goodRunMs ? last.crashes + 1 : 1;
    this.#series.set(instanceName(key), { crashes, startedAt: now, mayStartAt: now + pauseAfter(crashes) });
  }

  mayStart(key: InstanceKey, now: number): boolean {
    return now >= (this.#series.get(instanceName(key))?.mayStartAt ?? 0);
  }

  /** When the next pause is over, or undefined when there is none. */
  nextStartAt(now: number): number | undefined {
    const times = [...this.#series.values()].map(({ mayStartAt }) => mayStartAt).filter((at) => at > now);
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  /** Forgets instances that are no more. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const name of this.#series.keys()) if (!names.has(name)) this.#series.delete(name);
  }
}
