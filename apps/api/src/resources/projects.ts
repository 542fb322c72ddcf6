import { dataPolicy, projectData } from '@berth/platform/add-ons/project-data';
import { addService } from '@berth/platform/projects/add-service';
import { createProject } from '@berth/platform/projects/create-project';
import { destroyProject } from '@berth/platform/projects/destroy-project';
import { dropService } from '@berth/platform/projects/drop-service';
import { extendProject } from '@berth/platform/projects/extend-project';
import { getFootprint } from '@berth/platform/projects/get-footprint';
import { getProject } from '@berth/platform/projects/get-project';
import { listProjectData } from '@berth/platform/projects/list-project-data';
import { listProjects } from '@berth/platform/projects/list-projects';
import { getLocalEnv } from '@berth/platform/tethers/get-local-env';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Api } from '../api.js';
import { personOf } from '../authenticate.js';
import { parseBody } from '../parse-body.js';
import { toWireProject } from '../wire/project-environment.js';
import { toWireFootprint } from '../wire/project-footprint.js';

type ProjectRequest<Path = unknown> = FastifyRequest<{ Params: { environment: string } & Path }>;

/** Only one of the three; none of them: what the base runs. */
const wish = z.strictObject({
  service: z.string().min(1),
  branch: z.string().optional(),
  commit: z.string().optional(),
  release: z.string().optional(),
});
/** Of the base's add-ons: shared, unless this says otherwise. */
const data = z
  .strictObject({ policy: dataPolicy.optional(), add_ons: projectData.shape.addOns.optional() })
  .transform(({ policy, add_ons: addOns }) => projectData.parse({ policy, addOns }));
const creation = z.strictObject({
  name: z.string(),
  base: z.string(),
  team: z.string().min(1).optional(),
  services: z.array(wish).min(1),
  ttl_hours: z.number().optional(),
  until_merged: z.boolean().optional(),
  data: data.optional(),
});
const extension = z.strictObject({ hours: z.number() });
/** `team`: of a stable environment. */
const envQuery = z.object({ service: z.string().optional(), team: z.string().optional() });

const of = (request: ProjectRequest) => ({ actor: personOf(request), environment: request.params.environment });

/** Ours: project environments. Stable ones are below their team (resources/environments). */
export function addProjects(server: FastifyInstance, { platform, prices }: Api): void {
  server.get('/environments', async (request) =>
    (await listProjects(platform, { actor: personOf(request) })).map(toWireProject),
  );
  server.post('/environments', async (request, reply) => {
    const { ttl_hours: ttlHours, until_merged: untilMerged, ...wanted } = parseBody(creation, request);
    const view = await createProject(platform, { actor: personOf(request), ...wanted, ttlHours, untilMerged });
    return reply.code(201).send(toWireProject(view));
  });
  server.get('/environments/:environment', async (request: ProjectRequest) =>
    toWireProject(await getProject(platform, of(request))),
  );
  server.delete('/environments/:environment', async (request: ProjectRequest) =>
    toWireProject(await destroyProject(platform, of(request))),
  );
  server.post('/environments/:environment/extend', async (request: ProjectRequest) => {
    const { hours } = parseBody(extension, request);
    return toWireProject(await extendProject(platform, { ...of(request), hours }));
  });
  server.get('/environments/:environment/footprint', async (request: ProjectRequest) =>
    toWireFootprint(await getFootprint(platform, of(request)), prices),
  );
  server.get('/environments/:environment/data', async (request: ProjectRequest) =>
    (await listProjectData(platform, of(request))).map(({ addOn: addon, isMasked: masked, ...data }) => ({
      ...data,
      addon,
      masked,
    })),
  );
  server.get('/environments/:environment/env', async (request: ProjectRequest, reply) => {
    const { service, team } = envQuery.parse(request.query);
    return reply.type('text/plain').send(await getLocalEnv(platform, { ...of(request), service, team }));
  });
  server.post('/environments/:environment/services', async (request: ProjectRequest, reply) => {
    const view = await addService(platform, { ...of(request), wish: parseBody(wish, request) });
    return reply.code(201).send(toWireProject(view));
  });
  server.delete('/environments/:environment/services/:service', async (request: ProjectRequest<{ service: string }>) =>
    toWireProject(await dropService(platform, { ...of(request), service: request.params.service })),
  );
}
