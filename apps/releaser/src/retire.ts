import { instanceName, isHeldElsewhere } from '@berth/domain/plan-reconcile';
import { planGroups } from '@berth/domain/plan-rollout';
import type { JobContext } from '@berth/jobs/work';
import { listKnown } from '@berth/platform/instances/list-known';
import { listWanted } from '@berth/platform/instances/list-wanted';
import { finishRetire } from '@berth/platform/rollouts/finish-retire';
import { startRetire } from '@berth/platform/rollouts/start-retire';
import type { Releaser } from './releaser.js';
import { stopInstance } from './steps/stop-instance.js';

/** Drains and stops all instances of a rollout that serves no more. Blocks nothing: the new one answers already. */
export async function retireInstances(
  releaser: Releaser,
  { appId, rolloutId }: { appId: string; rolloutId: string },
  { signal }: JobContext,
): Promise<void> {
  const { platform, engine } = releaser;
  const retiring = await startRetire(platform, { rolloutId });
  if (!retiring) return;
  const [containers, rows, isHeld] = await Promise.all([
    engine.listInstances({ rolloutId }),
    listKnown(platform, { appId }).then((all) => all.filter((row) => row.rolloutId === rolloutId)),
    findHeld(releaser, appId),
  ]);
  const instances = new Map([...containers, ...rows].map((one) => [instanceName(one), one]));
  const leaving = [...instances.values()].filter(({ processType }) => !isHeld(processType));
  await Promise.all(
    leaving.map((key) => {
      const row = rows.find((one) => instanceName(one) === instanceName(key));
      return stopInstance(releaser, key, row ? { instanceId: row.id, isRouted: row.server !== null } : null, signal);
    }),
  );
  // A singleton that goes on in place of the new one keeps its rollout; the next release retires it.
  if (leaving.length === instances.size) await finishRetire(platform, { rolloutId });
}

/** Which process types of the app's older rollouts go on, because the new one did not stay up. */
async function findHeld({ platform, engine }: Releaser, appId: string): Promise<(processType: string) => boolean> {
  const [current] = (await listWanted(platform, { appId })).apps;
  if (!current) return () => false;
  const [rows, seen] = await Promise.all([listKnown(platform, { appId }), engine.listInstances({ appId })]);
  const known = rows.map((row) => ({ ...row, instanceId: row.id }));
  const singletons = planGroups(current.formation).filter(({ isSingleton }) => isSingleton);
  return (processType) =>
    singletons.some((group) => group.processType === processType) &&
    isHeldElsewhere({ appId, rolloutId: current.rolloutId }, processType, { known, seen });
}
