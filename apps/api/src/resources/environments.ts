import { UserError } from '@berth/domain/errors';
import { setEnvironmentRegistry } from '@berth/platform/environments/set-environment-registry';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Api } from '../api.js';
import { personOf } from '../authenticate.js';
import { parseBody } from '../parse-body.js';

type EnvironmentRequest = FastifyRequest<{ Params: { team: string; environment: string } }>;

const choice = z.object({ registry: z.enum(['dev', 'production']) });

/** Ours: which registry an environment's images come from. */
export function addEnvironments(server: FastifyInstance, { platform, hasProductionRegistry }: Api): void {
  server.patch('/teams/:team/environments/:environment/registry', async (request: EnvironmentRequest) => {
    const { registry } = parseBody(choice, request);
    if (registry === 'production' && !hasProductionRegistry)
      throw new UserError(
        'unsupported',
        'This Berth has no production registry: set BERTH_PRODUCTION_REGISTRY_PORT or BERTH_PRODUCTION_REGISTRY_URL and run npm start.',
      );
    return setEnvironmentRegistry(platform, { actor: personOf(request), ...request.params, registry });
  });
}
