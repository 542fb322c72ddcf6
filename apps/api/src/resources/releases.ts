import { debugMinutes, debugMinutesMax } from '@berth/domain/debug-deploy';
import { UserError } from '@berth/domain/errors';
import { sshUrl } from '@berth/platform/addresses';
import { getApp } from '@berth/platform/apps/get-app';
import { debugRelease } from '@berth/platform/debug/debug-release';
import { getRelease } from '@berth/platform/releases/get-release';
import { getReleaseConfig } from '@berth/platform/releases/get-release-config';
import { listReleases, type ReleaseView } from '@berth/platform/releases/list-releases';
import { rollBack } from '@berth/platform/releases/roll-back';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type Api, ownUrl } from '../api.js';
import { personOf } from '../authenticate.js';
import { sendPage } from '../paging.js';
import { parseBody } from '../parse-body.js';
import { toWireOneOff } from '../wire/dyno.js';
import { toWireRelease } from '../wire/release.js';
import { type AppRequest, appOf } from './apps.js';

type ReleaseRequest = AppRequest<{ release: string }>;

/** Heroku rolls back to `release` (an id or version); `heroku releases:retry` names a slug. */
const rollback = z.object({ release: z.union([z.string(), z.number()]).optional(), slug: z.string().optional() });

/** How long the debug instance lives. */
const debugging = z.object({ minutes: z.int().min(1).max(debugMinutesMax).optional() });

export function addReleases(server: FastifyInstance, api: Api): void {
  const { platform } = api;
  server.get('/apps/:app/releases', async (request: AppRequest, reply) => {
    const app = await getApp(platform, appOf(request));
    return sendPage(request, reply, await listReleases(platform, appOf(request)), {
      name: 'version',
      keyOf: (release) => release.version,
      toWire: (release) => toWire(api, request, release, app),
    });
  });
  server.get('/apps/:app/releases/:release', async (request: ReleaseRequest) => {
    const release = await getRelease(platform, { ...appOf(request), version: request.params.release });
    return toWire(api, request, release, await getApp(platform, appOf(request)));
  });
  server.post('/apps/:app/releases/:release/debug', async (request: ReleaseRequest, reply) => {
    const { minutes = debugMinutes } = parseBody(debugging, request);
    const oneOff = await debugRelease(platform, { ...appOf(request), version: request.params.release, minutes });
    const app = await getApp(platform, appOf(request));
    const ssh_url = sshUrl(platform.addresses, `${app.name}.${oneOff.name}`);
    return reply.code(201).send({ ...toWireOneOff(oneOff, app), ssh_url });
  });
  server.get('/apps/:app/releases/:release/config-vars', (request: ReleaseRequest) =>
    getReleaseConfig(platform, { ...appOf(request), version: request.params.release }),
  );
  server.post('/apps/:app/releases', async (request: AppRequest, reply) => {
    const { id } = await rollBack(platform, { ...appOf(request), version: await wantedVersion(api, request) });
    const release = await getRelease(platform, { ...appOf(request), version: id });
    return reply.code(201).send(toWire(api, request, release, await getApp(platform, appOf(request))));
  });
}

/** The version that a rollback asks for; of a slug the newest release that has it. */
async function wantedVersion({ platform }: Api, request: AppRequest): Promise<number> {
  const { release, slug } = parseBody(rollback, request);
  if (release !== undefined) return (await getRelease(platform, { ...appOf(request), version: release })).version;
  const releases = await listReleases(platform, appOf(request));
  const found = releases.find(({ imageDigest }) => slug !== undefined && imageDigest === slug);
  if (!found) throw new UserError('invalid_params', 'Say which release to roll back to, such as v3.');
  return found.version;
}

function toWire(api: Api, request: AppRequest, release: ReleaseView, app: { id: string; name: string }) {
  if (!release.hasOutput) return toWireRelease(release, app, null);
  const { userId } = personOf(request);
  const signed = api.signer.sign({ kind: 'output', userId, appId: app.id, noun: 'release', id: release.id });
  return toWireRelease(release, app, `${ownUrl(request)}/streams/output/${signed}`);
}
