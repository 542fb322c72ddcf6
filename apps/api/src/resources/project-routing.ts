import { UserError } from '@berth/domain/errors';
import { getProjectLink } from '@berth/platform/projects/get-project-link';
import { probePath, runProbe } from '@berth/platform/projects/run-probe';
import { startProbe } from '@berth/platform/projects/start-probe';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Api } from '../api.js';
import { personOf } from '../authenticate.js';
import { parseBody } from '../parse-body.js';
import { toWireProbe } from '../wire/probe.js';

type ProjectRequest = FastifyRequest<{
  Params: { environment: string };
  Querystring: { service?: string | string[]; path?: string | string[] };
}>;

const probe = z.strictObject({ service: z.string().min(1), path: probePath.default('/') });

/** Ours: how requests find a project environment from outside, and what becomes of the mark on its way. */
export function addProjectRouting(server: FastifyInstance, api: Api): void {
  const { platform, routerAddress } = api;
  server.get('/environments/:environment/link', async (request: ProjectRequest) => {
    const { service, path } = request.query;
    if (typeof service !== 'string') throw new UserError('invalid_params', 'Say which service: ?service=<name>.');
    const of = { actor: personOf(request), environment: request.params.environment, service };
    const link = await getProjectLink(platform, { ...of, path: typeof path === 'string' ? path : undefined });
    const { url, clearUrl, expiresAt, openUrl } = link;
    return { url, clear_url: clearUrl, expires_at: expiresAt?.toISOString() ?? null, open_url: openUrl };
  });
  server.post('/environments/:environment/doctor', async (request: ProjectRequest) => {
    const { service, path } = parseBody(probe, request);
    const of = { actor: personOf(request), environment: request.params.environment, service };
    const started = await startProbe(platform, of);
    const result = await runProbe(platform, { probe: started, path, routerAddress });
    return toWireProbe({ environment: started.environment, service, path }, result);
  });
}
