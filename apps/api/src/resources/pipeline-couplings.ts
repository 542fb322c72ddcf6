import { notFound } from '@berth/domain/errors';
import { pipelineStages } from '@berth/domain/pipeline-stage';
import { getApp } from '@berth/platform/apps/get-app';
import { listApps } from '@berth/platform/apps/list-apps';
import { coupleApp } from '@berth/platform/pipelines/couple-app';
import { decoupleApp } from '@berth/platform/pipelines/decouple-app';
import { listPipelines } from '@berth/platform/pipelines/list-pipelines';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Api } from '../api.js';
import { personOf } from '../authenticate.js';
import { parseBody } from '../parse-body.js';
import { toWireApp } from '../wire/app.js';
import { toWireCoupling } from '../wire/pipeline.js';
import { type AppRequest, appOf } from './apps.js';

type CouplingRequest = FastifyRequest<{ Params: { coupling: string } }>;

/** An app or a pipeline by its name or id, or as an object that has one of them. */
const identity = z.union([
  z.string(),
  z.object({ id: z.string() }).transform(({ id }) => id),
  z.object({ name: z.string() }).transform(({ name }) => name),
]);
const stage = z.enum(pipelineStages).exclude(['review']);
const place = z.object({ stage: stage.optional(), environment: z.string().optional() });
const creation = place.extend({ app: identity, pipeline: identity });
const filter = z.object({ in: z.object({ id: z.array(z.string()).optional() }).optional() });

/** Heroku's couplings of apps with pipelines. The stage of an app follows from its environment's place in the line. */
export function addPipelineCouplings(server: FastifyInstance, { platform }: Api): void {
  const list = async (request: FastifyRequest) => {
    const pipelines = await listPipelines(platform, { actor: personOf(request) });
    return pipelines.flatMap((pipeline) => pipeline.apps.map((app) => ({ pipeline, app })));
  };
  const listWire = async (request: FastifyRequest) =>
    (await list(request)).map(({ pipeline, app }) => toWireCoupling(pipeline, app));
  const find = async (request: FastifyRequest, appId: string) => {
    const found = (await list(request)).find(({ app }) => app.id === appId);
    if (!found) throw notFound('pipeline_coupling', appId);
    return found;
  };

  server.get('/pipeline-couplings', listWire);
  server.get('/users/~/pipeline-couplings', listWire);
  server.post('/pipeline-couplings', async (request, reply) => {
    const { pipeline, app } = await coupleApp(platform, { actor: personOf(request), ...parseBody(creation, request) });
    return reply.code(201).send(toWireCoupling(pipeline, app));
  });
  server.get('/pipeline-couplings/:coupling', async (request: CouplingRequest) => {
    const { pipeline, app } = await find(request, request.params.coupling);
    return toWireCoupling(pipeline, app);
  });
  server.patch('/pipeline-couplings/:coupling', async (request: CouplingRequest) => {
    const { pipeline, app } = await find(request, request.params.coupling);
    const of = { actor: personOf(request), app: app.id, pipeline: pipeline.id };
    const moved = await coupleApp(platform, { ...of, ...parseBody(place, request) });
    return toWireCoupling(moved.pipeline, moved.app);
  });
  server.delete('/pipeline-couplings/:coupling', async (request: CouplingRequest) => {
    const { app } = await find(request, request.params.coupling);
    const was = await decoupleApp(platform, { actor: personOf(request), app: app.id });
    return toWireCoupling(was.pipeline, was.app);
  });
  server.get('/apps/:app/pipeline-couplings', async (request: AppRequest) => {
    const { pipeline, app } = await find(request, (await getApp(platform, appOf(request))).id);
    return toWireCoupling(pipeline, app);
  });
  server.post('/filters/apps', async (request) => {
    const ids = parseBody(filter, request).in?.id;
    const apps = await listApps(platform, { actor: personOf(request) });
    return apps.filter(({ id }) => !ids || ids.includes(id)).map(toWireApp);
  });
}
