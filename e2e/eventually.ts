import { setTimeout as sleep } from 'node:timers/promises';

/** Reads until it is what is wanted: a text that matches, or an equal value. An error meanwhile is told when the time is over. */
export async function eventually<T>(read: () => Promise<T>, wanted: RegExp | T, withinMs = 120_000): Promise<T> {
  const isWanted = (seen: T) =>
    wanted instanceof RegExp ? wanted.test(String(seen)) : JSON.stringify(seen) === JSON.stringify(wanted);
  const end = performance.now() + withinMs;
  for (;;) {
    const seen = await read().then(
      (value) => ({ value }),
      (error) => ({ error }),
    );
    if ('value' in seen && isWanted(seen.value)) return seen.value;
    if (performance.now() > end) {
      const last = 'value' in seen ? JSON.stringify(seen.value) : seen.error;
      throw new Error(`not ${wanted} within ${withinMs} ms, but ${last}`);
    }
    await sleep(300);
  }
}
