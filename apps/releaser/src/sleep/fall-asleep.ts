import { setTimeout as sleep } from 'node:timers/promises';
import { waitRouteApplied } from '@berth/platform/routes/wait-route-applied';
import { hasShell } from '@berth/platform/shells/shell-note';
import { askWhetherQuiet } from '@berth/platform/sleep/ask-whether-quiet';
import { beginSleep } from '@berth/platform/sleep/begin-sleep';
import { findSlot } from '@berth/platform/sleep/find-slot';
import { moveSleep } from '@berth/platform/sleep/move-sleep';
import { hasOpenTransaction } from '../data/has-open-transaction.js';
import type { SleepKeeper } from './sleep-keeper.js';

/** The router answers in milliseconds when nothing is on its way to the app; an app with a request is not quiet, ms. */
const quietWithinMs = 2_000;
/** The app is frozen meanwhile, and a request of it waits, ms. */
const lockCheckMs = 1_500;

/**
 * Nobody in it says that it works → close the gate → nothing is on its way any more → freeze → still nothing → frozen. A request
 * that comes meanwhile waits at the gate, and its wake ends this. Who holds locks in a database of ours is thawed again. False: it
 * did not come to it, and the app is awake.
 */
export async function fallAsleep(
  keeper: SleepKeeper,
  app: { appId: string; rolloutId: string; containerIds: readonly string[]; memoryBytes: number },
): Promise<boolean> {
  const { platform, engine, transitions, logger } = keeper;
  const { appId, rolloutId, containerIds, memoryBytes } = app;
  return transitions.run(appId, 'fall', async (signal) => {
    if (await hasShell(platform, { appId })) return false;
    if (await engine.saysBusy(containerIds)) return false;
    const begun = await beginSleep(platform, { appId, rolloutId });
    if (!begun) return false;
    const quiet = (version: number) =>
      waitRouteApplied(platform, {
        ...{ appId, version },
        signal: AbortSignal.any([signal, AbortSignal.timeout(quietWithinMs)]),
      });
    try {
      await quiet(begun.version);
      if (await hasShell(platform, { appId })) throw new Error('somebody has opened a shell in it');
      await engine.freezeInstances(containerIds);
      await quiet((await askWhetherQuiet(platform, { appId })).version);
      const notKnown = sleep(lockCheckMs, true, { signal, ref: false });
      if (await Promise.race([hasOpenTransaction(keeper, appId), notKnown]))
        throw new Error('it has a transaction open, or nobody knows');
      signal.throwIfAborted();
      const slot = await findSlot(platform, { appId });
      if (slot) keeper.frozen.set(appId, { slot, containerIds });
      if (await moveSleep(platform, { appId, to: 'frozen', memoryBytes })) return true;
    } catch (error) {
      logger.debug({ err: error, appId }, 'did not fall asleep');
    }
    keeper.frozen.delete(appId);
    await engine.thawInstances(containerIds);
    await moveSleep(platform, { appId, to: 'awake' });
    return false;
  });
}
