import { TransientError } from '@berth/domain/errors';
import { listWanted } from '@berth/platform/instances/list-wanted';
import { moveInstance } from '@berth/platform/instances/move-instance';
import { listServers } from '@berth/platform/routes/list-servers';
import { setServerWanted } from '@berth/platform/routes/set-server-wanted';
import type { Sleeper } from '@berth/platform/sleep/find-sleeper';
import { adopt } from '../reconcile-action.js';
import { waitUntil } from '../wait-until.js';
import type { SleepKeeper } from './sleep-keeper.js';

/**
 * Starts the containers of an app that sleeps as a stopped one: the same containers, perhaps at new addresses. Its web
 * instances are in the router's rotation when this returns; the others have been started.
 * Throws TransientError when they are not healthy in time.
 */
export async function startAgain(keeper: SleepKeeper, sleeper: Sleeper, timeoutMs: number): Promise<void> {
  const { platform, engine } = keeper;
  const { appId, rolloutId, instances } = sleeper;
  if (!rolloutId) return;
  const signal = AbortSignal.timeout(timeoutMs + 1_000);
  const [wanted] = (await listWanted(platform, { appId })).apps;
  const there = await engine.listInstances({ rolloutId });
  const leads = instances.filter(({ processType, index }) =>
    there.some((one) => one.processType === processType && one.index === index),
  );
  if (leads.length === 0) throw new TransientError('its containers are gone'); // the loop that heals makes new ones
  await Promise.all(
    leads.map(async ({ processType, index }) => {
      const key = { appId, rolloutId, processType, index };
      await adopt(keeper, { ...key, container: await engine.restartInstance(key) }, wanted);
    }),
  );
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
