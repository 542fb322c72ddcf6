import { notFound } from '@berth/domain/errors';
import { getApp } from '@berth/platform/apps/get-app';
import { requireExec } from '@berth/platform/shells/require-exec';
import { listMembers } from '@berth/platform/teams/list-members';
import type { FastifyInstance } from 'fastify';
import type { Api } from '../api.js';
import { personOf } from '../authenticate.js';
import { region } from '../wire/app.js';
import { toWireDefaultDomain } from '../wire/domain.js';
import { execFeature, toWireExecFeature } from '../wire/feature.js';
import { toWireCollaborator } from '../wire/team.js';
import { type AppRequest, appOf } from './apps.js';

/** When this API first had regions; Heroku's schema wants a time. */
const since = '2026-11-21T00:00:00Z';

/** What the CLI asks beside an app: true answers for the parts of Heroku of which there are none here. */
export function addAppExtras(server: FastifyInstance, api: Api): void {
  const { platform } = api;
  const readApp = (request: AppRequest) => getApp(platform, appOf(request));

  for (const part of ['sni-endpoints', 'log-drains'])
    server.get(`/apps/:app/${part}`, async (request: AppRequest) => {
      await readApp(request);
      return [];
    });
  server.get('/apps/:app/features', async (request: AppRequest) => {
    await readApp(request);
    return platform.addresses.execAddress ? [toWireExecFeature()] : [];
  });
  server.get('/apps/:app/features/:feature', async (request: AppRequest<{ feature: string }>) => {
    await readApp(request);
    const { feature } = request.params;
    if (feature !== execFeature) throw notFound('feature', feature);
    await requireExec(platform, appOf(request)); // the last of the CLI's questions whose answer it shows when it is no
    return toWireExecFeature();
  });
  server.get('/teams/permissions', async () => []);
  server.get('/apps/:app/collaborators', async (request: AppRequest) => {
    const app = await readApp(request);
    const members = await listMembers(platform, { actor: personOf(request), team: app.team.id });
    return members.map((member) => toWireCollaborator(member, app));
  });
  server.get('/apps/:app/domains', async (request: AppRequest) => [toWireDefaultDomain(await readApp(request))]);
  server.get('/apps/:app/domains/:domain', async (request: AppRequest<{ domain: string }>) => {
    const domain = toWireDefaultDomain(await readApp(request));
    if (domain.hostname !== request.params.domain && domain.id !== request.params.domain)
      throw notFound('domain', request.params.domain);
    return domain;
  });
  server.get('/regions', async () => [
    {
      ...region,
      country: 'This host',
      created_at: since,
      description: 'This host',
      locale: 'This host',
      private_capable: false,
      provider: { name: 'berth', region: region.name },
      updated_at: since,
    },
  ]);
}
