import { instanceName } from '@berth/domain/plan-reconcile';
import type { JobContext } from '@berth/jobs/work';
import { finishDestroy } from '@berth/platform/apps/finish-destroy';
import { startDestroy } from '@berth/platform/apps/start-destroy';
import { listRunningRuns } from '@berth/platform/cron/list-running-runs';
import { listKnown } from '@berth/platform/instances/list-known';
import { listRunningOneOffs } from '@berth/platform/one-offs/list-running-one-offs';
import { forgetWorkers } from './data/forget-workers.js';
import type { Releaser } from './releaser.js';
import { stopInstance } from './steps/stop-instance.js';

/** Stops everything of an app that was destroyed, then forgets it and its log. */
export async function destroyApp(
  releaser: Releaser,
  { appId }: { appId: string },
  { lease, signal }: JobContext,
): Promise<void> {
  const { platform, engine } = releaser;
  const destroyed = await startDestroy(platform, { appId });
  if (!destroyed) return;
  const [containers, rows] = await Promise.all([engine.listInstances({ appId }), listKnown(platform, { appId })]);
  const instances = new Map([...containers, ...rows].map((one) => [instanceName(one), one]));
  await Promise.all(
    [...instances.values()].map((key) => {
      const row = rows.find((one) => instanceName(one) === instanceName(key));
      return stopInstance(releaser, key, row ? { instanceId: row.id, isRouted: row.server !== null } : null, signal);
    }),
  );
  const runs = await Promise.all([listRunningRuns(platform, { appId }), listRunningOneOffs(platform, { appId })]);
  await Promise.all(runs.flat().map((id) => engine.removeOneOff(id)));
  await forgetWorkers(releaser, destroyed);
  await finishDestroy(platform, { appId, lease });
}
