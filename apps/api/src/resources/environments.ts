import { UserError } from '@berth/domain/errors';
import { setRetention } from '@berth/platform/disk/set-retention';
import { changeEnvironment } from '@berth/platform/environments/change-environment';
import { createEnvironment } from '@berth/platform/environments/create-environment';
import { deleteEnvironment } from '@berth/platform/environments/delete-environment';
import { getEnvironment } from '@berth/platform/environments/get-environment';
import { listEnvironments } from '@berth/platform/environments/list-environments';
import { setEnvironmentRegistry } from '@berth/platform/environments/set-environment-registry';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Api } from '../api.js';
import { personOf } from '../authenticate.js';
import { parseBody } from '../parse-body.js';
import { toWireEnvironment, wirePolicy } from '../wire/environment.js';
import { retentionFields, toRetention } from './disk.js';

type TeamRequest = FastifyRequest<{ Params: { team: string } }>;
type EnvironmentRequest = FastifyRequest<{ Params: { team: string; environment: string } }>;

const choice = z.object({ registry: z.enum(['dev', 'production']) });
const position = z.int().min(0).max(1_000);
const creation = z.strictObject({ name: z.string(), position: position.optional(), policy: wirePolicy.optional() });
const changes = z.strictObject({
  name: z.string().optional(),
  position: position.optional(),
  policy: wirePolicy.optional(),
  registry: choice.shape.registry.optional(),
  ...retentionFields,
});

/** Ours: the stable environments of a team, in their order, with what each allows. */
export function addEnvironments(server: FastifyInstance, api: Api): void {
  const { platform } = api;
  const path = '/teams/:team/environments/:environment';
  server.get('/teams/:team/environments', async (request: TeamRequest) => {
    const views = await listEnvironments(platform, { actor: personOf(request), team: request.params.team });
    return views.map(toWireEnvironment);
  });
  server.post('/teams/:team/environments', async (request: TeamRequest, reply) => {
    const { policy, ...wanted } = parseBody(creation, request);
    const of = { actor: personOf(request), team: request.params.team };
    const made = await createEnvironment(platform, { ...of, ...wanted });
    const view = policy ? await changeEnvironment(platform, { ...of, environment: made.id, policy }) : made;
    return reply.code(201).send(toWireEnvironment(view));
  });
  server.get(path, async (request: EnvironmentRequest) =>
    toWireEnvironment(await getEnvironment(platform, of(request))),
  );
  server.patch(path, (request: EnvironmentRequest) => change(api, request));
  server.delete(path, async (request: EnvironmentRequest) =>
    toWireEnvironment(await deleteEnvironment(platform, of(request))),
  );
  server.patch(`${path}/registry`, async (request: EnvironmentRequest) => {
    const { registry } = parseBody(choice, request);
    return setRegistry(api, request, registry);
  });
}

const of = (request: EnvironmentRequest) => ({ actor: personOf(request), ...request.params });

async function change(api: Api, request: EnvironmentRequest) {
  const { platform } = api;
  const { name, position: place, policy, registry, ...rest } = parseBody(changes, request);
  const retention = toRetention(rest);
  const { id } = await getEnvironment(platform, of(request));
  if (registry !== undefined) await setRegistry(api, request, registry);
  if (Object.keys(retention).length > 0) await setRetention(platform, { ...of(request), ...retention });
  if (name !== undefined || place !== undefined || policy !== undefined)
    await changeEnvironment(platform, { ...of(request), name, position: place, policy });
  return toWireEnvironment(await getEnvironment(platform, { ...of(request), environment: id }));
}

function setRegistry(
  { platform, hasProductionRegistry }: Api,
  request: EnvironmentRequest,
  registry: 'dev' | 'production',
) {
  if (registry === 'production' && !hasProductionRegistry)
    throw new UserError(
      'unsupported',
      'This Berth has no production registry: set BERTH_PRODUCTION_REGISTRY_PORT or BERTH_PRODUCTION_REGISTRY_URL and run npm start.',
    );
  return setEnvironmentRegistry(platform, { ...of(request), registry });
}
