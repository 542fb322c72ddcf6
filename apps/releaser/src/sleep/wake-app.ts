import { setTimeout as sleep } from 'node:timers/promises';
import { TransientError, UserError } from '@berth/domain/errors';
import { waitRouteApplied } from '@berth/platform/routes/wait-route-applied';
import { findSleeper, type Sleeper } from '@berth/platform/sleep/find-sleeper';
import { moveSleep } from '@berth/platform/sleep/move-sleep';
import type { SleepKeeper } from './sleep-keeper.js';
import { startAgain } from './start-again.js';

/** Who waits at the gate is told by then, ms. */
export const wakeWithinMs = 25_000;
const retryMs = 200;
/** The router answers in milliseconds, ms. */
const appliedWithinMs = 5_000;

/**
 * Wakes an app, from wherever it is on the ladder; one that is awake is awake at once. A thaw is over in a millisecond and told
 * before any row is written: requests wait for it. Throws when it cannot be woken; its rows say awake then, and the loop that heals
 * takes it over.
 */
export async function wakeApp(keeper: SleepKeeper, appId: string, isUrgent: boolean): Promise<void> {
  await keeper.transitions.cancelFall(appId);
  return keeper.transitions.wake(appId, (told) => wake(keeper, appId, isUrgent, told));
}

async function wake(keeper: SleepKeeper, appId: string, isUrgent: boolean, told: () => void): Promise<void> {
  const { platform } = keeper;
  keeper.frozen.delete(appId);
  const sleeper = await findSleeper(platform, { appId });
  if (!sleeper) throw new UserError('not_found', 'This app is gone.');
  const { sleep: row } = sleeper;
  if (!row || row.state === 'awake') return;
  const isStopped = row.state === 'stopped' || row.state === 'waking';
  if ((!isStopped && (await thaw(keeper, sleeper))) || sleeper.isReplaced) {
    told();
    await moveSleep(platform, { appId, to: 'awake' });
    await platform.wake.publish(['sleep']); // what has no web process wakes with it
    return;
  }
  if (!isStopped) await moveSleep(platform, { appId, to: 'stopped' }); // its processes ended in its sleep
  await keeper.starts.run(isUrgent, () => start(keeper, sleeper));
}

/** Requests go on when the router has an instance in rotation and its gate open. */
async function start(keeper: SleepKeeper, sleeper: Sleeper): Promise<void> {
  const { platform, logger } = keeper;
  const { appId } = sleeper;
  await moveSleep(platform, { appId, to: 'waking' });
  try {
    await startAgain(keeper, sleeper, wakeWithinMs - 2_000);
  } catch (error) {
    logger.warn({ err: error, appId }, 'did not wake up');
    await moveSleep(platform, { appId, to: 'awake' });
    throw error;
  }
  const moved = await moveSleep(platform, { appId, to: 'awake' });
  await platform.wake.publish(['sleep']);
  if (moved?.version === undefined) return;
  await waitRouteApplied(platform, { appId, version: moved.version, signal: AbortSignal.timeout(appliedWithinMs) });
}

/** False: some of its processes are there no more. A host process that is away for a moment (a restart) is asked again. */
async function thaw({ engine }: SleepKeeper, { instances }: Sleeper): Promise<boolean> {
  const containerIds = instances.flatMap(({ containerId }) => containerId ?? []);
  const endsAt = Date.now() + wakeWithinMs - 2_000;
  for (;;) {
    try {
      const { gone } = await engine.thawInstances(containerIds);
      return gone.length === 0;
    } catch (error) {
      if (!(error instanceof TransientError) || Date.now() > endsAt) throw error;
      await sleep(retryMs);
    }
  }
}
