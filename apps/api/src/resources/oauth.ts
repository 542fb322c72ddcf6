import { notFound, UserError } from '@berth/domain/errors';
import { findActorByPassword } from '@berth/platform/auth/find-actor-by-password';
import { createToken } from '@berth/platform/tokens/create-token';
import { listTokens } from '@berth/platform/tokens/list-tokens';
import { revokeToken } from '@berth/platform/tokens/revoke-token';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Api } from '../api.js';
import { basicOf, findPersonByToken, type Person, personOf, tokenOf } from '../authenticate.js';
import { countAttempt } from '../count-attempt.js';
import { parseBody } from '../parse-body.js';
import { toWireAuthorization } from '../wire/authorization.js';

type TokenRequest = FastifyRequest<{ Params: { id: string } }>;
const creation = z.object({
  description: z.string().max(200).nullish(),
  /** s */
  expires_in: z.number().int().positive().nullish(),
});

/** Makes a token: `heroku login -i` shows e-mail and password, `heroku authorizations:create` a token. */
export function addLogin(server: FastifyInstance, api: Api): void {
  server.post('/oauth/authorizations', async (request, reply) => {
    const { description, expires_in: expiresIn } = parseBody(creation, request);
    const person = (await findPersonByToken(api, request)) ?? (await findByPassword(api, request));
    if (!person) throw new UserError('unauthorized', 'Invalid credentials provided.');
    const { id, token } = await createToken(api.platform, {
      actor: person,
      description: description ?? 'Made by the API',
      ...(expiresIn && { expiresAt: new Date(Date.now() + expiresIn * 1000) }),
    });
    return reply.code(201).send(toWireAuthorization(await findToken(api, person, id), person, token));
  });
}

async function findByPassword({ platform }: Api, request: FastifyRequest): Promise<Person | undefined> {
  const given = basicOf(request.headers.authorization);
  if (!given?.user) return undefined;
  await countAttempt(platform, { address: request.ip, user: given.user });
  return findActorByPassword(platform, { email: given.user, password: given.password });
}

async function findToken({ platform }: Api, actor: Person, id: string) {
  const found = (await listTokens(platform, { actor })).find((token) => token.id === id);
  if (!found) throw notFound('authorization', id);
  return found;
}

/**
 * The person's API tokens. Secrets are not kept; only the request's own is shown, since `heroku logout` finds by it what to
 * revoke.
 */
export function addTokens(server: FastifyInstance, api: Api): void {
  const { platform } = api;
  server.get('/oauth/authorizations', async (request) => {
    const actor = personOf(request);
    const own = tokenOf(request.headers.authorization) ?? null;
    const tokens = await listTokens(platform, { actor });
    return tokens.map((token) => toWireAuthorization(token, actor, token.id === actor.tokenId ? own : null));
  });
  server.get('/oauth/authorizations/:id', async (request: TokenRequest) => {
    const { id } = request.params;
    if (id === '~') throw notFound('authorization', id); // Heroku's "API key" of an account: there is none here
    const actor = personOf(request);
    return toWireAuthorization(await findToken(api, actor, id), actor, null);
  });
  server.delete('/oauth/authorizations/:id', async (request: TokenRequest) => {
    const actor = personOf(request);
    const token = await findToken(api, actor, request.params.id);
    await revokeToken(platform, { actor, id: token.id });
    return toWireAuthorization(token, actor, null);
  });
  server.get('/oauth/sessions', async () => []);
  server.delete('/oauth/sessions/:id', async (request: TokenRequest) => {
    throw notFound('session', request.params.id);
  });
}
