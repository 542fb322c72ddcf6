import type { PlannedGroup } from '@berth/domain/plan-rollout';
import { planGroups, stayUpMs } from '@berth/domain/plan-rollout';
import { listKnown } from '@berth/platform/instances/list-known';
import { listWanted } from '@berth/platform/instances/list-wanted';
import { moveInstance } from '@berth/platform/instances/move-instance';
import type { ReleaseWork } from '@berth/platform/rollouts/read-work';
import { explainCrash } from '../explain-crash.js';
import type { Say } from '../release-output.js';
import type { Releaser } from '../releaser.js';
import { waitUntil } from '../wait-until.js';
import { type Started, startOne } from './start-instances.js';
import { graceMs } from './stop-instance.js';

interface Options {
  work: ReleaseWork;
  rolloutId: string;
  say: Say;
  signal: AbortSignal;
}

/** After the switch: of each singleton the old one is stopped first, then the new one started. */
export async function changeSingletons(
  releaser: Releaser,
  groups: readonly PlannedGroup[],
  options: Options,
): Promise<void> {
  await Promise.all(groups.map((group) => changeSingleton(releaser, group, options)));
}

async function changeSingleton(releaser: Releaser, group: PlannedGroup, options: Options): Promise<void> {
  const { work, rolloutId, say, signal } = options;
  const isGivenUp = (await knownOf(releaser, work, group)).some(
    (row) => row.rolloutId === rolloutId && row.state === 'crashed',
  );
  // A try that was killed on its way back to the old one goes on with that.
  if (isGivenUp && !work.app.debugUntil) return goBack(releaser, group, options);
  await stopOlder(releaser, group, options);
  signal.throwIfAborted();
  const started = await startOne(releaser, work, rolloutId, group, 1);
  if (work.app.debugUntil)
    return void (await moveInstance(releaser.platform, { instanceId: started.instanceId, to: 'up' }));
  const crash = await awaitCrash(releaser, started, say, signal);
  if (!crash) {
    await moveInstance(releaser.platform, { instanceId: started.instanceId, to: 'up' });
    return;
  }
  await moveInstance(releaser.platform, { instanceId: started.instanceId, to: 'crashed', ...crash });
  say([` !     ${crash.message}`, ` !     The ${group.processType} of the last release is started again.`]);
  await goBack(releaser, group, options);
}

const knownOf = async ({ platform }: Releaser, work: ReleaseWork, { processType }: PlannedGroup) =>
  (await listKnown(platform, { appId: work.app.id })).filter((row) => row.processType === processType);

async function stopOlder(releaser: Releaser, group: PlannedGroup, { work, rolloutId }: Options): Promise<void> {
  const { platform, engine } = releaser;
  const isOlder = (one: { rolloutId: string; processType: string }) =>
    one.rolloutId !== rolloutId && one.processType === group.processType;
  const containers = (await engine.listInstances({ appId: work.app.id })).filter(isOlder);
  await Promise.all(containers.map((container) => engine.removeInstance(container, graceMs)));
  for (const row of (await knownOf(releaser, work, group)).filter(isOlder))
    await moveInstance(platform, { instanceId: row.id, to: 'down' });
}

/** Undefined when it stays up. */
async function awaitCrash(releaser: Releaser, started: Started, say: Say, signal: AbortSignal) {
  const exited = await waitUntil(
    releaser.platform,
    { topics: ['instances'], timeoutMs: stayUpMs, pollMs: 500, signal },
    async () =>
      (await releaser.engine.listInstances({ rolloutId: started.rolloutId })).find(
        (one) => one.processType === started.processType && one.index === started.index && one.state === 'exited',
      ),
  );
  if (!exited) return undefined;
  const { publicMessage: message } = await explainCrash(releaser, started, exited, say);
  return { message, exitCode: exited.exitCode };
}

/** The new one did not stay up: the one that ran before runs again (DESIGN section 6). */
async function goBack(releaser: Releaser, group: PlannedGroup, { work, rolloutId }: Options): Promise<void> {
  const { processType } = group;
  await releaser.engine.removeInstance({ rolloutId, processType, index: 1 }, graceMs);
  const [current] = (await listWanted(releaser.platform, { appId: work.app.id })).apps;
  const older = current && planGroups(current.formation).find((one) => one.processType === processType);
  if (!older || current.rolloutId === rolloutId) return;
  const { instanceId } = await startOne(releaser, current, current.rolloutId, older, 1);
  await moveInstance(releaser.platform, { instanceId, to: 'up' });
}
