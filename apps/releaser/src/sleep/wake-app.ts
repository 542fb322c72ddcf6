import { setTimeout as sleep } from 'node:timers/promises';
import { TransientError, UserError } from '@berth/domain/errors';
import { isEnded } from '@berth/domain/sleep-state';
import { waitRouteApplied } from '@berth/platform/routes/wait-route-applied';
import { findSleeper, type Sleeper } from '@berth/platform/sleep/find-sleeper';
import { hasCompany } from '@berth/platform/sleep/has-company';
import { moveSleep } from '@berth/platform/sleep/move-sleep';
import type { SleepKeeper } from './sleep-keeper.js';
import { startAgain } from './start-again.js';

/** Who waits at the gate is told by then, ms. */
export const wakeWithinMs = 25_000;
const retryMs = 200;
/** The router answers in milliseconds, ms. */
const appliedWithinMs = 5_000;
/** The rows of an app that was thawed at the gate can wait so long: until then the CPU is for its memory, which comes back, ms. */
const rowsLaterMs = 500;

/**
 * Wakes an app, from wherever it is on the ladder; one that is awake is awake at once. A thaw is over in a millisecond and told
 * before any row is written: requests wait for it. Throws when it cannot be woken; its rows say awake then, and the loop that heals
 * takes it over.
 */
export async function wakeApp(keeper: SleepKeeper, appId: string, isUrgent: boolean): Promise<void> {
  await keeper.transitions.cancelFall(appId);
  return keeper.transitions.wake(appId, (told) => wake(keeper, appId, isUrgent, told));
}

/**
 * Wakes one that this process has frozen itself: it is thawed and told before any row is read. False: somebody else wakes it, or some
 * of its processes were gone, and it has been started again. A thaw too many does no harm, and whoever stops the app waits for the
 * wake that has begun.
 */
export async function wakeFrozen(
  keeper: SleepKeeper,
  appId: string,
  containerIds: readonly string[],
): Promise<boolean> {
  const { engine, transitions, logger } = keeper;
  let isThawed = false;
  await transitions.wake(appId, async (told) => {
    const { gone } = await engine.thawInstances(containerIds).catch(() => ({ gone: containerIds }));
    isThawed = gone.length === 0;
    if (!isThawed) return wake(keeper, appId, true, told);
    told();
    await sleep(rowsLaterMs);
    // A releaser that died in between left rows that say it sleeps: the loop of sleep sees that it runs.
    await wake(keeper, appId, true, told).catch((error) => logger.warn({ err: error, appId }, 'wake'));
  });
  return isThawed;
}

async function wake(keeper: SleepKeeper, appId: string, isUrgent: boolean, told: () => void): Promise<void> {
  const { platform } = keeper;
  keeper.frozen.delete(appId);
  const sleeper = await findSleeper(platform, { appId });
  if (!sleeper) throw new UserError('not_found', 'This app is gone.');
  const { sleep: row } = sleeper;
  if (!row || row.state === 'awake') return;
  const isStopped = isEnded(row.state) || row.state === 'waking';
  if ((!isStopped && (await thaw(keeper, sleeper))) || sleeper.isReplaced) {
    told();
    await moveSleep(platform, { appId, to: 'awake' });
    if (sleeper.isReplaced) await platform.wake.publish(['instances']); // what slept is left over
    await wakeCompany(keeper, sleeper);
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
    await platform.wake.publish(['instances']);
    throw error;
  }
  const moved = await moveSleep(platform, { appId, to: 'awake' });
  await platform.wake.publish(['instances']); // the loop that heals takes it over again
  await wakeCompany(keeper, sleeper);
  if (moved?.version === undefined) return;
  await waitRouteApplied(platform, { appId, version: moved.version, signal: AbortSignal.timeout(appliedWithinMs) });
}

/** What has no web process wakes with it, by a look of the loop. A look reads all apps, and most wakes have nobody to wake. */
async function wakeCompany({ platform }: SleepKeeper, { appId, environmentId }: Sleeper): Promise<void> {
  if (await hasCompany(platform, { appId, environmentId })) await platform.wake.publish(['sleep']);
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
