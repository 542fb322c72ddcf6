import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from './failure.mjs';

/**
 * Tries again every 100 ms until `check` does not throw; gives up after `seconds`, with the last reason.
 * @template T
 * @param {string} what in words for people: "PostgreSQL did not answer"
 * @param {number} seconds
 * @param {() => Promise<T>} check
 * @returns {Promise<T>}
 */
export async function waitFor(what, seconds, check) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end)
        throw new Failure(
          `${what} within ${seconds} s: ${error instanceof Error ? error.message || error.name : error}`,
        );
      await sleep(100);
    }
  }
}
