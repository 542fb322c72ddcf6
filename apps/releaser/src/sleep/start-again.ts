import { TransientError } from '@berth/domain/errors';
import { planGroups } from '@berth/domain/plan-rollout';
import { listWanted, type WantedApp } from '@berth/platform/instances/list-wanted';
import { moveInstance } from '@berth/platform/instances/move-instance';
import { listServers } from '@berth/platform/routes/list-servers';
import { setServerWanted } from '@berth/platform/routes/set-server-wanted';
import type { Sleeper } from '@berth/platform/sleep/find-sleeper';
import { adopt, startAnew } from '../reconcile-action.js';
import { waitUntil } from '../wait-until.js';
import type { SleepKeeper } from './sleep-keeper.js';

/**
 * Starts an app whose processes have ended: the containers that are there, perhaps at new addresses, and new ones for those that are
 * gone. Its web instances are in the router's rotation when this returns; the others have been started.
 * Throws TransientError when they are not healthy in time.
 */
export async function startAgain(keeper: SleepKeeper, sleeper: Sleeper, timeoutMs: number): Promise<void> {
  const { platform, engine } = keeper;
  const { appId, rolloutId, instances } = sleeper;
  if (!rolloutId) return;
  const [wanted] = (await listWanted(platform, { appId })).apps;
  if (wanted?.rolloutId !== rolloutId) throw new TransientError('another release is to run'); // the loop that heals starts it
  await startAll(keeper, wanted);
  const signal = AbortSignal.timeout(timeoutMs + 1_000);
  const topics = [`rollout:${rolloutId}`] as const;
  const isUp = await waitUntil(platform, { topics, timeoutMs, pollMs: 200, signal }, async () => {
    const [servers, containers] = await Promise.all([
      listServers(platform, { rolloutId }),
      engine.listInstances({ rolloutId }),
    ]);
    if (containers.some((one) => one.state === 'exited')) throw new TransientError('a process of it ended again');
    const healthy = servers.filter(
      ({ seen, wanted }) => seen === 'healthy' && (wanted === 'probe' || wanted === 'ready'),
    );
    for (const { instanceId } of healthy) {
      await setServerWanted(platform, { instanceId, wanted: 'ready' });
      await moveInstance(platform, { instanceId, to: 'up' });
    }
    const isRouted = instances.some((one) => one.isRouted);
    return !isRouted || healthy.length > 0 || undefined;
  });
  if (!isUp) throw new TransientError('none of its web processes was healthy in time');
}

async function startAll(keeper: SleepKeeper, wanted: WantedApp): Promise<void> {
  const { app, rolloutId, formation } = wanted;
  const { engine } = keeper;
  const there = await engine.listInstances({ rolloutId });
  const places = planGroups(formation).flatMap((group) =>
    Array.from({ length: group.quantity }, (_, at) => ({ group, processType: group.processType, index: at + 1 })),
  );
  const isThere = ({ processType, index }: { processType: string; index: number }) =>
    there.some((one) => one.processType === processType && one.index === index);
  await Promise.all(
    places.map(async (place) => {
      const { group, processType, index } = place;
      const key = { appId: app.id, rolloutId, processType, index };
      if (isThere(place)) await adopt(keeper, { ...key, container: await engine.restartInstance(key) }, wanted);
      else await startAnew(keeper, wanted, group, index);
    }),
  );
}
