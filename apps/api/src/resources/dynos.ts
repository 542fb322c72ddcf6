import { notFound, UserError } from '@berth/domain/errors';
import { getApp } from '@berth/platform/apps/get-app';
import { listInstances } from '@berth/platform/instances/list-instances';
import { restartInstances } from '@berth/platform/instances/restart-instances';
import { listOneOffs } from '@berth/platform/one-offs/list-one-offs';
import { stopOneOffs } from '@berth/platform/one-offs/stop-one-offs';
import { restartApp } from '@berth/platform/rollouts/restart-app';
import type { FastifyInstance } from 'fastify';
import type { Api } from '../api.js';
import { toWireDyno, toWireOneOff } from '../wire/dyno.js';
import { type AppRequest, appOf } from './apps.js';

type DynoRequest = AppRequest<{ dyno: string }>;
type TypeRequest = AppRequest<{ type: string }>;

export function addDynos(server: FastifyInstance, api: Api): void {
  const { platform } = api;
  server.get('/apps/:app/dynos', (request: AppRequest) => dynosOf(api, request));
  server.get('/apps/:app/dynos/:dyno', async (request: DynoRequest) => {
    const { dyno } = request.params;
    const found = (await dynosOf(api, request)).find(({ id, name }) => id === dyno || name === dyno);
    if (!found) throw notFound('dyno', dyno);
    return found;
  });
  server.delete('/apps/:app/dynos', async (request: AppRequest, reply) => {
    await restartApp(platform, appOf(request));
    return reply.code(202).send({});
  });
  server.delete('/apps/:app/dynos/:dyno', async (request: DynoRequest, reply) => {
    await restartSome(api, request, parseDyno(request.params.dyno));
    return reply.code(202).send({});
  });
  server.delete('/apps/:app/formations/:type', async (request: TypeRequest, reply) => {
    await restartSome(api, request, { processType: request.params.type });
    return reply.code(202).send({});
  });
  // as at Heroku, what is stopped belongs to the formation and comes back at once
  server.post('/apps/:app/dynos/:dyno/actions/stop', async (request: DynoRequest, reply) => {
    await restartSome(api, request, parseDyno(request.params.dyno));
    return reply.code(202).send({});
  });
  server.post('/apps/:app/formations/:type/actions/stop', async (request: TypeRequest, reply) => {
    await restartSome(api, request, { processType: request.params.type });
    return reply.code(202).send({});
  });
}

async function dynosOf({ platform }: Api, request: AppRequest) {
  const of = appOf(request);
  const app = await getApp(platform, of);
  const [instances, oneOffs] = await Promise.all([listInstances(platform, of), listOneOffs(platform, of)]);
  return [
    ...instances.map((instance) => toWireDyno(instance, app)),
    ...oneOffs.map((oneOff) => toWireOneOff(oneOff, app)),
  ];
}

/** One-off commands end; what belongs to the formation comes back. */
async function restartSome({ platform }: Api, request: AppRequest, which: { processType: string; index?: number }) {
  const { processType, index } = which;
  const stopped = await stopOneOffs(platform, { ...appOf(request), processType, number: index });
  if (stopped === 0) await restartInstances(platform, { ...appOf(request), ...which });
}

/** `web.1` is one dyno, `web` all of its type. */
function parseDyno(name: string): { processType: string; index?: number } {
  const match = /^([a-z][a-z0-9_-]*)(?:\.(\d{1,4}))?$/i.exec(name);
  if (!match?.[1]) throw new UserError('invalid_params', `A dyno's name is like web.1, not ${name}.`);
  return match[2] ? { processType: match[1], index: Number(match[2]) } : { processType: match[1] };
}
