import type { Releaser } from '../releaser.js';
import type { OpenShells } from '../shells/open-shells.js';

/** What goes to sleep and wakes works with: everything that the releaser has, and who is at work on which app. */
export interface SleepKeeper extends Releaser {
  transitions: Transitions;
  starts: StartQueue;
  /** By app: what this process has frozen. A wake of one of them waits for no database. Every wake takes its app out. */
  frozen: Map<string, { slot: string; containerIds: readonly string[] }>;
  shells: OpenShells;
}

type What = 'fall' | 'wake' | 'stop' | 'copy';

/** One change of an app's sleep at a time, or a copy for which it stands still; who wants another one waits for it or ends it. */
export class Transitions {
  readonly #running = new Map<string, { what: What; done: Promise<unknown>; end: AbortController }>();
  /** Resolve when the app runs, a little before its rows say so. */
  readonly #wakes = new Map<string, Promise<void>>();
  /** When the last change of each app ended, by performance.now(). */
  readonly #ended = new Map<string, number>();

  isBusy(appId: string): boolean {
    return this.#running.has(appId);
  }

  /** Who read rows and containers one after the other knows nothing of an app that was changed meanwhile. */
  wasBusySince(appId: string, at: number): boolean {
    return this.isBusy(appId) || (this.#ended.get(appId) ?? Number.NEGATIVE_INFINITY) >= at;
  }

  /** Ends of changes before `at` are of no use any more. */
  forgetBefore(at: number): void {
    for (const [appId, endedAt] of this.#ended) if (endedAt < at) this.#ended.delete(appId);
  }

  /** Whoever makes this app fall asleep is to give up; resolves when it has. */
  async cancelFall(appId: string): Promise<void> {
    const running = this.#running.get(appId);
    if (running?.what !== 'fall') return;
    running.end.abort();
    await running.done.catch(() => {});
  }

  /** Joins the wake that is under way, or begins one: `body` calls `told` as soon as the app runs. */
  wake(appId: string, body: (told: () => void) => Promise<void>): Promise<void> {
    const joined = this.#wakes.get(appId);
    if (joined) return joined;
    const wake = new Promise<void>((resolve, reject) => {
      this.run(appId, 'wake', () => body(resolve))
        .finally(() => this.#wakes.delete(appId))
        .then(resolve, reject);
    });
    this.#wakes.set(appId, wake);
    return wake;
  }

  /** Waits for what is under way, then runs `body` alone. */
  async run<T>(appId: string, what: What, body: (signal: AbortSignal) => Promise<T>): Promise<T> {
    for (let other = this.#running.get(appId); other; other = this.#running.get(appId))
      await other.done.catch(() => {});
    const end = new AbortController();
    const done = body(end.signal).finally(() => {
      this.#running.delete(appId);
      this.#ended.set(appId, performance.now());
    });
    this.#running.set(appId, { what, done, end });
    return done;
  }

  async settled(): Promise<void> {
    await Promise.allSettled([...this.#running.values()].map(({ done }) => done));
  }
}

/** Starts cost half a second of CPU each: two at a time, those that a person waits for first. Thaws do not queue. */
export class StartQueue {
  readonly #waiting: { isUrgent: boolean; go: () => void }[] = [];
  #running = 0;

  async run<T>(isUrgent: boolean, body: () => Promise<T>): Promise<T> {
    if (this.#running >= startsSideBySide) await this.#turn(isUrgent);
    else this.#running++;
    try {
      return await body();
    } finally {
      const next = this.#waiting.findIndex((one) => one.isUrgent);
      const [one] = this.#waiting.splice(Math.max(0, next), 1);
      if (one) one.go();
      else this.#running--;
    }
  }

  #turn(isUrgent: boolean): Promise<void> {
    return new Promise((go) => this.#waiting.push({ isUrgent, go }));
  }
}

const startsSideBySide = 2;
