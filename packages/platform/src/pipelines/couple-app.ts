import type { Tx } from '@berth/db/client';
import type { Environment } from '@berth/db/generated/client';
import { notFound, UserError } from '@berth/domain/errors';
import { type PipelineStage, pipelineStage } from '@berth/domain/pipeline-stage';
import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import { addEvent } from '../events/add-event.js';
import { listStages } from '../lines/list-stages.js';
import { lockApp } from '../lock-app.js';
import { lockTeam } from '../lock-team.js';
import { type Platform, transaction } from '../platform.js';
import { checkMayRegroup } from './check-may-regroup.js';
import { checkServiceFree } from './check-service-free.js';
import { findPipelineFor } from './find-pipeline-for.js';
import { readPipelineView } from './get-pipeline.js';
import type { CoupledApp, PipelineView } from './pipeline-view.js';
import { shareRepository } from './share-repository.js';

interface Wish {
  actor: Actor;
  app: string;
  pipeline: string;
  /** Heroku's word for where the app belongs, or the name of an environment; undefined: where it is. */
  stage?: PipelineStage | undefined;
  environment?: string | undefined;
}

/**
 * Puts an app into a pipeline, or to another stage of it. Its stage is its environment's: only an app that was never
 * deployed moves to the environment that is asked for. From now on it is called by the pipeline's name, and has its
 * repository.
 */
export function coupleApp(platform: Platform, wish: Wish): Promise<{ pipeline: PipelineView; app: CoupledApp }> {
  const { actor } = wish;
  return transaction(platform, async (tx, after) => {
    const pipeline = await findPipelineFor(tx, { actor, pipeline: wish.pipeline, right: 'pipeline.change' });
    const { id: pipelineId, teamId, name: service } = pipeline;
    const found = await getAppFor(tx, { actor, app: wish.app, right: 'pipeline.change' });
    await lockTeam(tx, teamId);
    const app = await lockApp(tx, found.id);
    if (app.teamId !== teamId || found.environment.kind !== 'stable')
      throw new UserError('conflict', `${app.name} is in no stable environment of the team of ${service}.`);
    if (app.pipelineId && app.pipelineId !== pipelineId)
      throw new UserError('conflict', `${app.name} is in another pipeline: remove it from there first.`);
    const environment = await chooseEnvironment(tx, app, wish, { pipelineId, teamId });
    const role = found.team.memberships[0]?.role ?? 'viewer';
    const leaves = app.pipelineId ? found.environment : undefined;
    if (leaves?.id !== environment.id)
      await checkMayRegroup(tx, { role, pipelineId, appId: app.id, leaves, comesTo: environment });
    await checkServiceFree(tx, { service, environmentId: environment.id, exceptAppId: app.id });
    await shareRepository(tx, { app, pipeline });
    await tx.app.update({ where: { id: app.id }, data: { pipelineId, environmentId: environment.id } });
    await tx.route.updateMany({ where: { appId: app.id }, data: { service, version: { increment: 1 } } });
    const { userId } = actor;
    const data = { pipeline: service, environment: environment.name };
    await addEvent(tx, { name: 'app.coupled', noun: 'app', nounId: app.id, appId: app.id, userId, data });
    after.wake.push('routes', `app:${app.id}`);
    const view = await readPipelineView(platform, tx, pipelineId);
    const coupled = view.apps.find(({ id }) => id === app.id);
    if (!coupled) throw notFound('app', app.name);
    return { pipeline: view, app: coupled };
  });
}

/** The environment that the app has, when it fits what is asked, else the first that fits and is free. */
async function chooseEnvironment(
  tx: Tx,
  app: { id: string; name: string; environmentId: string },
  { stage, environment }: Wish,
  { pipelineId, teamId }: { pipelineId: string; teamId: string },
): Promise<Environment> {
  const line = await listStages(tx, teamId);
  const fits = line.filter((one, index) => {
    if (environment !== undefined) return one.name === environment || one.id === environment;
    return stage === undefined
      ? one.id === app.environmentId
      : pipelineStage({ kind: 'stable', index, count: line.length }) === stage;
  });
  const asked = environment ?? stage ?? '';
  if (fits.length === 0) {
    const names = line.map(({ name }) => name).join(', ');
    throw new UserError('invalid_params', `The team has no environment for ${asked}: it has ${names}.`);
  }
  const others = await tx.app.findMany({ where: { pipelineId, id: { not: app.id } } });
  const free = fits.filter(({ id }) => !others.some(({ environmentId }) => environmentId === id));
  const chosen = free.find(({ id }) => id === app.environmentId) ?? free[0];
  if (!chosen)
    throw new UserError('conflict', `The pipeline has an app in ${fits.map(({ name }) => name).join(', ')} already.`);
  if (chosen.id !== app.environmentId && (await wasDeployed(tx, app.id))) {
    const here = line.find(({ id }) => id === app.environmentId)?.name;
    throw new UserError(
      'conflict',
      `${app.name} runs in ${here}, and what runs does not move: make an app for ${chosen.name} and promote to it.`,
    );
  }
  return chosen;
}

/** Whether anything of the app ran, or may soon run, in its environment. */
async function wasDeployed(tx: Tx, appId: string): Promise<boolean> {
  const of = { where: { appId }, select: { id: true } };
  const build = await tx.build.findFirst(of);
  return build !== null || (await tx.release.findFirst({ ...of, where: { appId, imageId: { not: null } } })) !== null;
}
