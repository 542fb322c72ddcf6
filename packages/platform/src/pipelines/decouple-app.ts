import { notFound, UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import { addEvent } from '../events/add-event.js';
import { lockTeam } from '../lock-team.js';
import { type Platform, transaction } from '../platform.js';
import { checkMayRegroup } from './check-may-regroup.js';
import { readPipelineView } from './get-pipeline.js';
import type { CoupledApp, PipelineView } from './pipeline-view.js';
import { uncouple } from './uncouple.js';

/** Takes an app of a stable environment out of its pipeline. Returns the place that it had. */
export function decoupleApp(
  platform: Platform,
  { actor, app }: { actor: Actor; app: string },
): Promise<{ pipeline: PipelineView; app: CoupledApp }> {
  return transaction(platform, async (tx, after) => {
    const {
      id: appId,
      teamId,
      environment,
      pipelineId,
      name,
      team,
    } = await getAppFor(tx, {
      ...{ actor, app, right: 'pipeline.change' },
    });
    await lockTeam(tx, teamId);
    if (!pipelineId) throw notFound('pipeline coupling', app);
    if (environment.kind === 'project')
      throw new UserError(
        'conflict',
        `${name} belongs to the project environment ${environment.name} and goes with it.`,
      );
    const role = team.memberships[0]?.role ?? 'viewer';
    await checkMayRegroup(tx, { role, pipelineId, appId, leaves: environment });
    const pipeline = await readPipelineView(platform, tx, pipelineId);
    const coupled = pipeline.apps.find(({ id }) => id === appId);
    if (!coupled) throw notFound('pipeline coupling', app);
    await uncouple(tx, after, appId);
    const { userId } = actor;
    const data = { pipeline: pipeline.name };
    await addEvent(tx, { name: 'app.decoupled', noun: 'app', nounId: appId, appId, userId, data });
    return { pipeline, app: coupled };
  });
}
