import { debugMinutes, debugMinutesMax } from '@berth/domain/debug-deploy';
import { UserError } from '@berth/domain/errors';
import { createApp } from '@berth/platform/apps/create-app';
import { destroyApp } from '@berth/platform/apps/destroy-app';
import { getApp } from '@berth/platform/apps/get-app';
import { listApps } from '@berth/platform/apps/list-apps';
import { setBuildStack } from '@berth/platform/apps/set-build-stack';
import { setDeployBranch } from '@berth/platform/apps/set-deploy-branch';
import { setMaintenance } from '@berth/platform/apps/set-maintenance';
import { setDebug } from '@berth/platform/debug/set-debug';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Api } from '../api.js';
import { personOf } from '../authenticate.js';
import { sendPage } from '../paging.js';
import { parseBody } from '../parse-body.js';
import { toWireApp } from '../wire/app.js';

/** What routes below /apps/:app have in their path. */
export type AppRequest<Path = unknown> = FastifyRequest<{ Params: { app: string } & Path }>;

/** Who asks about which app: what every use case of an app starts with. */
export const appOf = (request: AppRequest) => ({ actor: personOf(request), app: request.params.app });

/** Heroku takes a team, or a stack, as its name or id, or as an object of either. */
const named = z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]);
const creation = z.object({ name: z.string().optional(), team: named.nullish(), environment: named.nullish() });
const changes = z.object({
  name: z.string().optional(),
  maintenance: z.boolean().optional(),
  deploy_branch: z.string().optional(),
  debug: z.boolean().optional(),
  /** How long `debug` stays on. */
  debug_minutes: z.int().min(1).max(debugMinutesMax).optional(),
  /** `heroku stack:set`: its name, or an object with it. */
  build_stack: named.optional(),
});

export function addApps(server: FastifyInstance, api: Api): void {
  const { platform } = api;
  const byName = { name: 'name', keyOf: (app: { name: string }) => app.name, toWire: toWireApp };
  const list = async (request: FastifyRequest) => listApps(platform, { actor: personOf(request) });
  const create = async (request: FastifyRequest) => {
    const { name, team, environment } = parseBody(creation, request);
    return toWireApp(
      await createApp(platform, {
        actor: personOf(request),
        ...(name && { name }),
        ...(team && { team }),
        ...(environment && { environment }),
      }),
    );
  };

  server.get('/apps', async (request, reply) => sendPage(request, reply, await list(request), byName));
  server.get('/users/:user/apps', async (request, reply) => sendPage(request, reply, await list(request), byName));
  server.get('/teams/:team/apps', async (request: FastifyRequest<{ Params: { team: string } }>, reply) => {
    const { team } = request.params;
    const apps = (await list(request)).filter((app) => app.team.name === team || app.team.id === team);
    return sendPage(request, reply, apps, byName);
  });
  server.post('/apps', async (request, reply) => reply.code(201).send(await create(request)));
  server.post('/teams/apps', async (request, reply) => reply.code(201).send(await create(request)));

  server.get('/apps/:app', async (request: AppRequest) => toWireApp(await getApp(platform, appOf(request))));
  server.patch('/apps/:app', (request: AppRequest) => changeApp(api, request));
  server.delete('/apps/:app', async (request: AppRequest) => toWireApp(await destroyApp(platform, appOf(request))));
}

async function changeApp({ platform }: Api, request: AppRequest) {
  const changed = parseBody(changes, request);
  const { name, maintenance, deploy_branch: branch, build_stack: stack, debug, debug_minutes: minutes } = changed;
  const of = appOf(request);
  const app = await getApp(platform, of);
  if (name !== undefined && name !== app.name) throw new UserError('unsupported', "An app can't be renamed yet.");
  if (maintenance !== undefined) await setMaintenance(platform, { ...of, isOn: maintenance });
  if (debug !== undefined) await setDebug(platform, { ...of, minutes: debug ? (minutes ?? debugMinutes) : null });
  if (stack !== undefined) await setBuildStack(platform, { ...of, stack });
  if (branch !== undefined) await setDeployBranch(platform, { ...of, branch });
  return toWireApp(await getApp(platform, of));
}
