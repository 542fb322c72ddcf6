import { setTimeout as sleep } from 'node:timers/promises';
import { restAfter, startCpuClock } from '@berth/daemon/cpu-clock';
import type { WakeTopic } from '@berth/jobs/wake';
import type { Releaser } from './releaser.js';

/** What a look leaves to the loop. */
export interface Looked {
  /** Their messages call for the next look. */
  topics: readonly WakeTopic[];
  /** It comes after this time all the same, ms. */
  pauseMs: number;
  /** Something is on its way. */
  isActive: boolean;
}

/** Also of a look at thousands of apps, ms: what no message told of is found by then. */
const longestPauseMs = 60_000;
/** While something is on its way a look may take so much of a core. */
const activeShare = 0.2;
/** Of looks that messages call for, those that take long leave four in five parts of the time to others, ms. */
const gap = { cheapMs: 30, timesAsLong: 4, longestMs: 1_000 };

/**
 * Looks at once, at each message, and after a pause, until `signal`. A look reads everything there is, so its pauses grow with what
 * it costs; messages call for it meanwhile, and those that come close to each other share one.
 */
export async function keepLooking(
  { platform, logger }: Pick<Releaser, 'platform' | 'logger'>,
  { name, topics, signal }: { name: string; topics: readonly WakeTopic[]; signal: AbortSignal },
  look: () => Promise<Looked>,
): Promise<void> {
  let last: Looked = { topics, pauseMs: 1_000, isActive: true };
  while (!signal.aborted) {
    const heard = new AbortController();
    const until = AbortSignal.any([heard.signal, signal]);
    // Listening starts before the look, so that a message between the two is not lost.
    const wokenDuringLook = platform.wake.wait(last.topics, 10 * 60_000, until);
    const cpuMs = startCpuClock();
    try {
      last = await look();
    } catch (error) {
      if (!signal.aborted) logger.warn({ err: error }, name);
      last = { ...last, isActive: true };
    }
    const tookMs = cpuMs();
    const woken = Promise.race([wokenDuringLook, platform.wake.wait(last.topics, pauseAfter(tookMs, last), until)]);
    await sleep(gapAfter(tookMs), undefined, { signal }).catch(() => {});
    await woken;
    heard.abort();
  }
}

const gapAfter = (tookMs: number): number =>
  Math.min(gap.longestMs, gap.timesAsLong * Math.max(0, tookMs - gap.cheapMs));

/** ms of rest after a look that took so many ms of CPU time. */
export function pauseAfter(tookMs: number, { pauseMs, isActive }: Pick<Looked, 'pauseMs' | 'isActive'>): number {
  const rest = isActive ? tookMs / activeShare : restAfter(tookMs);
  return Math.max(pauseMs, Math.min(longestPauseMs, rest));
}
