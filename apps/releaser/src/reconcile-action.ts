import type { ReconcileAction } from '@berth/domain/plan-reconcile';
import { type PlannedGroup, planGroups } from '@berth/domain/plan-rollout';
import { secretValues } from '@berth/domain/secret-values';
import { redactor } from '@berth/logs/redact';
import type { WantedApp } from '@berth/platform/instances/list-wanted';
import { moveInstance } from '@berth/platform/instances/move-instance';
import { putInstance } from '@berth/platform/instances/put-instance';
import { putBackend } from '@berth/platform/routes/put-backend';
import { setServerWanted } from '@berth/platform/routes/set-server-wanted';
import { webPort } from './instance-env.js';
import type { Releaser } from './releaser.js';
import { probeServer } from './steps/probe-server.js';
import { pullImage } from './steps/pull-image.js';
import { startOne } from './steps/start-instances.js';
import { graceMs, stopInstance } from './steps/stop-instance.js';

export type ActionOf<Do extends ReconcileAction['do']> = Extract<ReconcileAction, { do: Do }>;

/** Does one step of the reconcile loop. Each may have been done before. */
export async function doAction(
  releaser: Releaser,
  action: ReconcileAction,
  wanted: WantedApp | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { platform, engine } = releaser;
  switch (action.do) {
    case 'start':
      return start(releaser, action, wanted);
    case 'restart':
      return adopt(releaser, { ...action, container: await engine.restartInstance(action) }, wanted);
    case 'hold':
      return void (await engine.restartInstance(action));
    case 'adopt':
      return adopt(releaser, action, wanted);
    case 'note-crash':
      return noteCrash(releaser, action, wanted);
    case 'note-up':
      return void (await moveInstance(platform, { instanceId: action.instanceId, to: 'up' }));
    case 'make-ready':
      await setServerWanted(platform, { instanceId: action.instanceId, wanted: 'ready' });
      return void (await moveInstance(platform, { instanceId: action.instanceId, to: 'up' }));
    case 'replace': {
      const message = 'Restarted for its new size.';
      return void (await moveInstance(platform, { instanceId: action.instanceId, to: 'stopping', message }));
    }
    case 'stop': {
      const { instanceId, isRouted } = action;
      return stopInstance(releaser, action, instanceId ? { instanceId, isRouted } : null, signal);
    }
    case 'remove-leftover':
      return engine.removeInstance(action, graceMs);
    case 'mark-down':
      return void (await moveInstance(platform, { instanceId: action.instanceId, to: 'down' }));
  }
}

const groupOf = (wanted: WantedApp | undefined, { rolloutId, processType }: ReconcileAction) =>
  wanted?.rolloutId === rolloutId
    ? planGroups(wanted.formation).find((group) => group.processType === processType)
    : undefined;

async function start(releaser: Releaser, action: ActionOf<'start'>, wanted: WantedApp | undefined): Promise<void> {
  const group = groupOf(wanted, action);
  if (wanted && group) await startAnew(releaser, wanted, group, action.index);
}

/** An instance that has no container gets one. */
export async function startAnew(
  releaser: Releaser,
  wanted: WantedApp,
  group: PlannedGroup,
  index: number,
): Promise<void> {
  const { rolloutId } = wanted;
  await pullImage(releaser, wanted);
  if (group.isRouted) await putBackend(releaser.platform, { rolloutId, healthcheck: wanted.image.healthcheck });
  await startOne(releaser, wanted, rolloutId, group, index);
}

/** The container runs: its row says so, and the router checks it at the address that it has now. */
export async function adopt(
  releaser: Releaser,
  action: Pick<ActionOf<'adopt'>, 'container' | 'appId' | 'rolloutId' | 'processType' | 'index'>,
  wanted: WantedApp | undefined,
): Promise<void> {
  const { platform } = releaser;
  const { appId, rolloutId, processType, index, container } = action;
  const { containerId, address } = container;
  const isRouted = groupOf(wanted, action as ReconcileAction)?.isRouted === true;
  const place = { appId, rolloutId, processType, index, containerId, address };
  const port = isRouted ? webPort : null;
  const { id: instanceId } = await putInstance(platform, { ...place, port, state: 'starting' });
  if (!isRouted || !wanted || !address) return;
  await putBackend(platform, { rolloutId, healthcheck: wanted.image.healthcheck });
  await probeServer(releaser, action, { instanceId, address });
}

/** The last line that it printed says most; it is kept in rows, so the app's secrets are taken out of it. */
async function noteCrash(
  { platform, engine }: Releaser,
  action: ActionOf<'note-crash'>,
  wanted: WantedApp | undefined,
): Promise<void> {
  const { instanceId, exitCode, isOutOfMemory } = action;
  const lines = await engine.lastLines(action, 1).catch(() => []);
  const what = isOutOfMemory ? 'Used too much memory and was killed' : `Exited with code ${exitCode ?? 'unknown'}`;
  const redact = redactor(secretValues(wanted?.config ?? {}));
  const last = redact(lines.at(-1) ?? '')
    .trim()
    .slice(0, 200);
  const message = last && !isOutOfMemory ? `${what}: ${last}` : what;
  await moveInstance(platform, { instanceId, to: 'crashed', exitCode, message });
}
