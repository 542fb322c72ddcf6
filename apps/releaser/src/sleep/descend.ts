import { isAsleep, isEnded } from '@berth/domain/sleep-state';
import { moveInstance } from '@berth/platform/instances/move-instance';
import { setServerWanted } from '@berth/platform/routes/set-server-wanted';
import { findSleeper, type Sleeper } from '@berth/platform/sleep/find-sleeper';
import { moveSleep } from '@berth/platform/sleep/move-sleep';
import type { SleepKeeper } from './sleep-keeper.js';

/** What a process that is ended in its sleep may take, ms. */
const graceMs = 5_000;

const containersOf = ({ instances }: Sleeper) => instances.flatMap(({ containerId }) => containerId ?? []);

/** Frozen → pushed out. A wake does not wait for it: pages that were moved come back as they are needed. */
export async function pushOut({ platform, engine }: SleepKeeper, appId: string): Promise<void> {
  const sleeper = await findSleeper(platform, { appId });
  if (sleeper?.sleep?.state !== 'frozen') return;
  const containerIds = containersOf(sleeper);
  const before = await chargeOf(engine, containerIds);
  if (!(await engine.pushOutInstances(containerIds))) return;
  const freedBytes = before - (await chargeOf(engine, containerIds));
  await moveSleep(platform, { appId, to: 'pushed_out', freedBytes, sleepsAs: sleeper.rolloutId ?? '' });
}

async function chargeOf(engine: SleepKeeper['engine'], containerIds: readonly string[]): Promise<number> {
  const { containers } = await engine.readUsage(containerIds);
  return containers.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
}

/**
 * Frozen or pushed out → stopped: the processes end, the containers stay. The row comes first, so that a request from then on
 * starts it; the rest may be done again.
 */
export async function stopAsleep(keeper: SleepKeeper, appId: string): Promise<void> {
  const { platform, engine, transitions } = keeper;
  await transitions.run(appId, 'stop', async () => {
    const sleeper = await findSleeper(platform, { appId });
    const state = sleeper?.sleep?.state;
    if (!sleeper?.rolloutId || !state || !isAsleep(state)) return;
    keeper.frozen.delete(appId);
    const { rolloutId, instances } = sleeper;
    const freedBytes = Number(sleeper.sleep?.memoryBytes ?? 0);
    if (!isEnded(state)) await moveSleep(platform, { appId, to: 'stopped', freedBytes, sleepsAs: rolloutId });
    for (const { id, processType, index, isRouted } of instances) {
      if (isRouted) await setServerWanted(platform, { instanceId: id, wanted: 'gone' });
      await engine.stopInstance({ rolloutId, processType, index }, graceMs);
      await moveInstance(platform, { instanceId: id, to: 'down' });
    }
  });
}

/**
 * Stopped → image only: its containers go, with what they wrote beside their volumes. They go before the row says so: one that was
 * killed in between is stopped still, and this is done again.
 */
export async function putAway({ platform, engine, transitions }: SleepKeeper, appId: string): Promise<void> {
  await transitions.run(appId, 'stop', async () => {
    const sleeper = await findSleeper(platform, { appId });
    if (!sleeper?.rolloutId || sleeper.sleep?.state !== 'stopped') return;
    const { rolloutId } = sleeper;
    for (const { processType, index } of await engine.listInstances({ rolloutId }))
      await engine.removeInstance({ rolloutId, processType, index }, graceMs);
    await moveSleep(platform, { appId, to: 'image_only', sleepsAs: rolloutId });
  });
}
