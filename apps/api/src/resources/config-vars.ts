import { UserError } from '@berth/domain/errors';
import { compareEnvironments } from '@berth/platform/config-vars/compare-environments';
import { getConfigVars } from '@berth/platform/config-vars/get-config-vars';
import { getSharedVars } from '@berth/platform/config-vars/get-shared-vars';
import { listOrigins } from '@berth/platform/config-vars/list-origins';
import { setConfigVars } from '@berth/platform/config-vars/set-config-vars';
import { setSharedVars } from '@berth/platform/config-vars/set-shared-vars';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Api } from '../api.js';
import { personOf } from '../authenticate.js';
import { parseBody } from '../parse-body.js';
import { type AppRequest, appOf } from './apps.js';

/** null unsets a var; a bare string stays as secret as it was, and is a secret at first. */
const changes = z.record(
  z.string(),
  z.union([z.string(), z.null(), z.object({ value: z.string(), secret: z.boolean() })]),
);

type SharedRequest = FastifyRequest<{ Params: { team: string; environment?: string } }>;
type DiffRequest = FastifyRequest<{ Params: { team: string } }>;
const ends = z.object({ from: z.string(), to: z.string() });

function endsOf(request: FastifyRequest): z.infer<typeof ends> {
  const parsed = ends.safeParse(request.query);
  if (!parsed.success) throw new UserError('invalid_params', 'from and to are the names of two environments.');
  return parsed.data;
}

export function addConfigVars(server: FastifyInstance, { platform }: Api): void {
  server.get('/apps/:app/config-vars', (request: AppRequest) => getConfigVars(platform, appOf(request)));
  server.patch('/apps/:app/config-vars', async (request: AppRequest) => {
    const of = appOf(request);
    const { vars } = await setConfigVars(platform, { ...of, changes: parseBody(changes, request) });
    return vars;
  });
  server.get('/apps/:app/config-vars/origins', async (request: AppRequest) => {
    const vars = await listOrigins(platform, appOf(request));
    return vars.map(({ isSecret, ...rest }) => ({ ...rest, secret: isSecret }));
  });
  for (const path of ['/teams/:team/config-vars', '/teams/:team/environments/:environment/config-vars']) {
    server.get(path, (request: SharedRequest) => showLayer(platform, layerOf(request)));
    server.patch(path, async (request: SharedRequest) => {
      await setSharedVars(platform, { ...layerOf(request), changes: parseBody(changes, request) });
      return showLayer(platform, layerOf(request));
    });
  }
  server.get('/teams/:team/environments/diff', async (request: DiffRequest) => {
    const of = { actor: personOf(request), team: request.params.team };
    const services = await compareEnvironments(platform, { ...of, ...endsOf(request) });
    return services.map(({ fromApp, toApp, ...rest }) => ({ ...rest, from_app: fromApp, to_app: toApp }));
  });
}

const layerOf = (request: SharedRequest) => ({ actor: personOf(request), ...request.params });

async function showLayer(platform: Api['platform'], layer: ReturnType<typeof layerOf>) {
  const vars = await getSharedVars(platform, layer);
  return vars.map(({ isSecret, updatedAt, ...rest }) => ({ ...rest, secret: isSecret, updated_at: updatedAt }));
}
