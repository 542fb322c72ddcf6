import type { Stoppable } from './run.js';

export interface Looks {
  /** ms */
  everyMs: number;
  /** The first look is now, not when the first pause is over. */
  isFirstNow?: boolean;
  /** What one throws. */
  onError: (error: unknown) => void;
}

/**
 * Looks each `everyMs`, one look at a time: what comes due during a look is left out. One that fails does not end the others. `stop`
 * waits for the one that is under way.
 */
export function lookEach({ everyMs, isFirstNow = false, onError }: Looks, look: () => Promise<unknown>): Stoppable {
  let looking: Promise<unknown> | undefined;
  const begin = () => {
    looking ??= look()
      .catch(onError)
      .finally(() => {
        looking = undefined;
      });
  };
  if (isFirstNow) begin();
  const timer = setInterval(begin, everyMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await looking;
    },
  };
}
