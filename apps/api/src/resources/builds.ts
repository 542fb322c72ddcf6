import { UserError } from '@berth/domain/errors';
import { getApp } from '@berth/platform/apps/get-app';
import { cancelBuild } from '@berth/platform/builds/cancel-build';
import { type BuildView, getBuild } from '@berth/platform/builds/get-build';
import { listBuilds } from '@berth/platform/builds/list-builds';
import type { FastifyInstance } from 'fastify';
import { type Api, ownUrl } from '../api.js';
import { personOf } from '../authenticate.js';
import { sendPage } from '../paging.js';
import { toWireBuild } from '../wire/build.js';
import { type AppRequest, appOf } from './apps.js';

type BuildRequest = AppRequest<{ build: string }>;

export function addBuilds(server: FastifyInstance, api: Api): void {
  const { platform } = api;
  server.get('/apps/:app/builds', async (request: AppRequest, reply) => {
    const app = await getApp(platform, appOf(request));
    return sendPage(request, reply, await listBuilds(platform, appOf(request)), {
      name: 'created_at',
      keyOf: (build) => build.createdAt.toISOString(),
      toWire: (build) => toWire(api, request, build, app),
    });
  });
  server.get('/apps/:app/builds/:build', (request: BuildRequest) => readBuild(api, request));
  server.post('/apps/:app/builds', async (request: AppRequest) => {
    await getApp(platform, appOf(request));
    throw new UserError('unsupported', 'A build from an uploaded source is not supported yet: push with git.');
  });
  server.delete('/apps/:app/builds/:build', async (request: BuildRequest) => {
    await cancelBuild(platform, { ...appOf(request), build: request.params.build });
    return readBuild(api, request);
  });
}

async function readBuild(api: Api, request: BuildRequest) {
  const build = await getBuild(api.platform, { ...appOf(request), build: request.params.build });
  return toWire(api, request, build, await getApp(api.platform, appOf(request)));
}

function toWire(api: Api, request: AppRequest, build: BuildView, app: { id: string; name: string }) {
  const { userId } = personOf(request);
  const signed = api.signer.sign({ kind: 'output', userId, appId: app.id, noun: 'build', id: build.id });
  return toWireBuild(build, app, `${ownUrl(request)}/streams/output/${signed}`);
}
