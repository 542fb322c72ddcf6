import { TransientError, UserError } from '@berth/domain/errors';
import { parseScope, productionService, registryService, type TokenClaims } from '@berth/images/token-signer';
import { findActorByToken } from '@berth/platform/auth/find-actor-by-token';
import { grantPerson, type PersonGrant } from '@berth/platform/registry/grant-person';
import { holdForPerson } from '@berth/platform/registry/hold-for-person';
import { grantProcess, type RegistryScope } from '@berth/platform/registry/process-grants';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Api } from '../api.js';
import { basicOf } from '../authenticate.js';
import { findProcess, lifetimeSeconds, type RegistryAccess } from '../registry-access.js';

type TokenRequest = FastifyRequest<{ Querystring: { service?: string; scope?: string | string[] } }>;
type Granted = Pick<TokenClaims, 'subject' | 'access' | 'more'>;

/**
 * The registry's token server (https://distribution.github.io/distribution/spec/auth/token/): people sign in with an API
 * token as the password and any user name, our processes with secrets of their own. Who has no right to what is asked for gets a
 * token that opens nothing, as the specification says.
 */
export function addRegistryTokens(server: FastifyInstance, api: Api, access: RegistryAccess): void {
  server.get('/registry/token', async (request: TokenRequest, reply) => {
    const { service = registryService } = request.query;
    if (service !== registryService && service !== productionService)
      throw new UserError('bad_request', `There is no registry called ${service}.`);
    const scopes = [request.query.scope ?? []]
      .flat()
      .flatMap((text) => text.split(' '))
      .flatMap((text) => parseScope(text) ?? []);
    const granted = await grant(api, access, request, { scopes, isProduction: service === productionService });
    const lifetime = lifetimeSeconds(granted.subject);
    const issuedAt = new Date().toISOString();
    const token = await access.sign({ ...granted, service, lifetimeSeconds: lifetime });
    return reply
      .header('cache-control', 'no-store')
      .send({ token, access_token: token, expires_in: lifetime, issued_at: issuedAt });
  });
}

async function grant(
  api: Api,
  access: RegistryAccess,
  request: TokenRequest,
  { scopes, isProduction }: { scopes: readonly RegistryScope[]; isProduction: boolean },
): Promise<Granted> {
  const given = basicOf(request.headers.authorization);
  const process = given && findProcess(access, given);
  if (process) return { subject: process, access: grantProcess(process, scopes, isProduction ? 'production' : 'dev') };
  const person = given && (await findActorByToken(api.platform, { token: given.password }));
  if (!person)
    throw new UserError('unauthorized', 'Sign in with an API token: docker login --username _ --password-stdin.');
  return isProduction ? { subject: person.userId, access: [] } : grantToPerson(api, person, scopes);
}

/**
 * One repository per token: docker asks for others only to mount their layers, which people may not. The claim `berth` tells the
 * router where that name is stored (packages/router/src/render-registry.ts).
 */
async function grantToPerson(
  { platform }: Api,
  person: { userId: string },
  scopes: readonly RegistryScope[],
): Promise<Granted> {
  const repositories = scopes.filter(({ type }) => type === 'repository');
  const asked = repositories.find(({ actions }) => actions.includes('push')) ?? repositories[0];
  const found = asked && (await grantPerson(platform, { actor: person, name: asked.name, actions: asked.actions }));
  if (!found) return { subject: person.userId, access: [] };
  if (found.actions.includes('push')) await waitForWindow(platform, found.storage);
  return {
    subject: person.userId,
    access: [{ type: 'repository', name: found.storage, actions: found.actions }],
    more: { berth: claimOf(found) },
  };
}

/** While the registry frees blobs nobody begins to push; docker tries again what is answered 503. */
async function waitForWindow(platform: Api['platform'], repository: string): Promise<void> {
  const isHeld = await holdForPerson(platform, { repository, ms: lifetimeSeconds('person') * 1000, waitMs: 20_000 });
  if (!isHeld) throw new TransientError('the registry frees disk space');
}

const claimOf = ({ name, storage, latest }: PersonGrant) => ({ name, storage, ...(latest && { latest }) });
