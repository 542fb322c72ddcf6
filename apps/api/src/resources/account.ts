import { notFound } from '@berth/domain/errors';
import { getAccount } from '@berth/platform/users/get-account';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Api } from '../api.js';
import { personOf } from '../authenticate.js';
import { toWireAccount } from '../wire/account.js';
import { repositoriesFeature, toWireRepositoriesFeature } from '../wire/feature.js';

/** Who is signed in, and what the CLI asks about them. */
export function addAccount(server: FastifyInstance, { platform }: Api): void {
  const account = async (request: FastifyRequest) =>
    toWireAccount(await getAccount(platform, { actor: personOf(request) }));

  server.get('/account', account);
  server.get('/users/:user', async (request: FastifyRequest<{ Params: { user: string } }>) => {
    const found = await account(request);
    if (!['~', found.id, found.email].includes(request.params.user)) throw notFound('user', request.params.user);
    return found;
  });
  server.get('/account/features', async () => [toWireRepositoriesFeature()]);
  server.get('/account/features/:feature', async (request: FastifyRequest<{ Params: { feature: string } }>) => {
    if (request.params.feature !== repositoriesFeature) throw notFound('feature', request.params.feature);
    return toWireRepositoriesFeature();
  });
}
