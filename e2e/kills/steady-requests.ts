import { askApp } from '../berth.js';

/** Between two requests, ms: 16 a second at the most. */
const pauseMs = 60;

export interface SteadyRequests {
  /** Stops, and gives every answer that was not 200 and every request without one. */
  stop: () => Promise<{ at: number; what: string }[]>;
}

/** One visitor who asks an app again and again. */
export function startRequests(webUrl: string): SteadyRequests {
  const failures: { at: number; what: string }[] = [];
  let isStopping = false;
  const running = (async () => {
    while (!isStopping) {
      const at = Date.now();
      const what = await askApp(webUrl).then(
        ({ status, body }) => (status === 200 ? undefined : `${status} ${body.slice(0, 80)}`),
        (error: Error) => error.message,
      );
      if (what !== undefined) failures.push({ at, what });
      await new Promise((done) => setTimeout(done, pauseMs));
    }
  })();
  return {
    stop: async () => {
      isStopping = true;
      await running;
      return failures;
    },
  };
}
