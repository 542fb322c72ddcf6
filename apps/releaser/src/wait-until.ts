import type { WakeTopic } from '@berth/jobs/wake';
import type { Platform } from '@berth/platform/platform';

/**
 * Looks until `look` finds something: at once, at every message of the topics, and each second (a lost message costs a
 * second). Undefined after `timeoutMs`; throws the signal's reason when it is aborted.
 */
export async function waitUntil<T>(
  platform: Platform,
  options: { topics: readonly WakeTopic[]; timeoutMs: number; pollMs?: number; signal: AbortSignal },
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const { topics, timeoutMs, pollMs = 1_000, signal } = options;
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    signal.throwIfAborted();
    const left = deadline - Date.now();
    // Listening starts before the look, so that a message between the two is not lost.
    const stopListening = new AbortController();
    const woken = platform.wake.wait(
      topics,
      Math.max(1, Math.min(pollMs, left)),
      AbortSignal.any([signal, stopListening.signal]),
    );
    try {
      const found = await look();
      if (found !== undefined) return found;
      if (left <= 0) return undefined;
      await woken;
    } finally {
      stopListening.abort();
    }
  }
}
