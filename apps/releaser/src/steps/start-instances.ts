import type { InstanceKey } from '@berth/domain/plan-reconcile';
import type { PlannedGroup, RolloutPlan } from '@berth/domain/plan-rollout';
import { secretValues } from '@berth/domain/secret-values';
import { redactor } from '@berth/logs/redact';
import { putInstance } from '@berth/platform/instances/put-instance';
import type { ReleaseWork } from '@berth/platform/rollouts/read-work';
import { putBackend } from '@berth/platform/routes/put-backend';
import { groupSpec } from '../group-spec.js';
import { webPort } from '../instance-env.js';
import type { Releaser } from '../releaser.js';
import { probeServer } from './probe-server.js';

/** An instance of the new rollout that runs. */
export interface Started extends InstanceKey {
  instanceId: string;
  /** `web.1` */
  name: string;
  isRouted: boolean;
  memoryBytes: number;
  /** Takes the app's secrets out of what it printed, before that is kept or shown. */
  redact: (text: string) => string;
}

/** Starts what runs beside the old release, all at once. Idempotent: what a killed try has started is found again. */
export async function startInstances(
  releaser: Releaser,
  work: ReleaseWork,
  rolloutId: string,
  plan: RolloutPlan,
): Promise<Started[]> {
  // First, so that the router prepares it while the containers start.
  if (plan.health) await putBackend(releaser.platform, { rolloutId, healthcheck: plan.health });
  const all = plan.beside.flatMap((group) =>
    Array.from({ length: group.quantity }, (_, at) => startOne(releaser, work, rolloutId, group, at + 1)),
  );
  return Promise.all(all);
}

/**
 * Starts one instance and writes its row; one that is routed to gets a server that HAProxy checks, without requests,
 * in the rollout's backend.
 */
export async function startOne(
  releaser: Releaser,
  work: ReleaseWork,
  rolloutId: string,
  group: PlannedGroup,
  index: number,
): Promise<Started> {
  const { processType, isRouted } = group;
  const spec = groupSpec(work, rolloutId, group, index);
  const { containerId, address } = await releaser.engine.startInstance(spec, index);
  const port = isRouted ? webPort : null;
  const { id: instanceId } = await putInstance(releaser.platform, {
    ...{ rolloutId, appId: work.app.id, processType, index, containerId, address, port },
    state: 'starting',
  });
  if (isRouted && address) await probeServer(releaser, { rolloutId, processType, index }, { instanceId, address });
  const name = `${processType}.${index}`;
  const redact = redactor(secretValues(work.config));
  return { rolloutId, processType, index, instanceId, name, isRouted, memoryBytes: spec.memoryBytes, redact };
}
