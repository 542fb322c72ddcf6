import { createPipeline } from '@berth/platform/pipelines/create-pipeline';
import { createPipelineApp } from '@berth/platform/pipelines/create-pipeline-app';
import { destroyPipeline } from '@berth/platform/pipelines/destroy-pipeline';
import { getPipeline } from '@berth/platform/pipelines/get-pipeline';
import { listPipelines } from '@berth/platform/pipelines/list-pipelines';
import { renamePipeline } from '@berth/platform/pipelines/rename-pipeline';
import { listPromotions } from '@berth/platform/promotions/list-promotions';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Api } from '../api.js';
import { personOf } from '../authenticate.js';
import { parseBody } from '../parse-body.js';
import { toWireApp } from '../wire/app.js';
import { toWireCoupling, toWirePipeline, toWirePromotion } from '../wire/pipeline.js';

type PipelineRequest = FastifyRequest<{ Params: { pipeline: string } }>;

const of = (request: PipelineRequest) => ({ actor: personOf(request), pipeline: request.params.pipeline });

const creation = z.object({
  name: z.string(),
  /** Heroku's: a team by its id, or the person who asks. */
  owner: z.object({ id: z.string(), type: z.enum(['team', 'user']) }).nullish(),
  team: z.string().optional(),
  /** Ours: environments to make its apps in, or all. */
  apps: z.union([z.literal('all'), z.array(z.string())]).optional(),
});
const renaming = z.object({ name: z.string() });
const appCreation = z.strictObject({ environment: z.string(), name: z.string().optional() });

/** Heroku's pipelines, each one service's apps along the line of its team's environments; the apps beside them are ours. */
export function addPipelines(server: FastifyInstance, { platform }: Api): void {
  server.get('/pipelines', async (request: FastifyRequest<{ Querystring: { 'eq[name]'?: string } }>) => {
    const views = await listPipelines(platform, { actor: personOf(request), name: request.query['eq[name]'] });
    return views.map(toWirePipeline);
  });
  server.post('/pipelines', async (request, reply) => {
    const { name, owner, team = owner?.type === 'team' ? owner.id : undefined, apps } = parseBody(creation, request);
    const view = await createPipeline(platform, { actor: personOf(request), name, team, apps });
    return reply.code(201).send(toWirePipeline(view));
  });
  server.get('/pipelines/:pipeline', async (request: PipelineRequest) =>
    toWirePipeline(await getPipeline(platform, of(request))),
  );
  server.patch('/pipelines/:pipeline', async (request: PipelineRequest) =>
    toWirePipeline(await renamePipeline(platform, { ...of(request), ...parseBody(renaming, request) })),
  );
  server.delete('/pipelines/:pipeline', async (request: PipelineRequest) =>
    toWirePipeline(await destroyPipeline(platform, of(request))),
  );
  server.get('/pipelines/:pipeline/pipeline-couplings', async (request: PipelineRequest) => {
    const view = await getPipeline(platform, of(request));
    return view.apps.map((app) => toWireCoupling(view, app));
  });
  server.post('/pipelines/:pipeline/apps', async (request: PipelineRequest, reply) => {
    const app = await createPipelineApp(platform, { ...of(request), ...parseBody(appCreation, request) });
    return reply.code(201).send(toWireApp(app));
  });
  server.get('/pipelines/:pipeline/promotions', async (request: PipelineRequest) =>
    (await listPromotions(platform, of(request))).map(toWirePromotion),
  );
}
