import { UserError } from '@berth/domain/errors';
import type { Actor } from '@berth/platform/actor';
import { findActorByToken } from '@berth/platform/auth/find-actor-by-token';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Api } from './api.js';

/** Who makes the request. */
export interface Person extends Actor {
  email: string;
  name: string;
  /** The API token that the request carries. */
  tokenId?: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    person: Person | null;
  }
}

/** Who makes the request; resources below {@link requireToken} or {@link requireSession} always have one. */
export function personOf(request: FastifyRequest): Person {
  if (!request.person) throw unauthorized();
  return request.person;
}

const unauthorized = () => new UserError('unauthorized', 'Invalid credentials provided.');

/** Every request of `server` needs an API token: `Bearer <token>`, or Basic with it as the password. */
export function requireToken(server: FastifyInstance, api: Api): void {
  server.addHook('onRequest', async (request) => {
    const person = await findPersonByToken(api, request);
    if (!person) throw unauthorized();
    request.person = person;
  });
}

/** Whose API token the request carries. */
export async function findPersonByToken(api: Api, request: FastifyRequest): Promise<Person | undefined> {
  const token = tokenOf(request.headers.authorization);
  return token ? findActorByToken(api.platform, { token }) : undefined;
}

/**
 * A browser sends the session's cookie whoever made it ask, so a request that changes something must come from the dashboard's
 * own origin; browsers name it in every such request.
 */
export function checkOrigin(request: FastifyRequest, api: Api): void {
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (!isRead && request.headers.origin !== api.dashboardUrl)
    throw new UserError('forbidden', 'This request must come from the dashboard.');
}

/** Every request of `server` needs the dashboard's session cookie. */
export function requireSession(server: FastifyInstance, api: Api): void {
  server.addHook('onRequest', async (request) => {
    checkOrigin(request, api);
    const person = await api.auth.findSession(webHeaders(request));
    if (!person) throw unauthorized();
    request.person = person;
  });
}

/** The token in an Authorization header: Bearer's, or Basic's password with any user name. */
export function tokenOf(authorization: string | undefined): string | undefined {
  const [scheme, value] = authorization?.split(' ') ?? [];
  if (scheme?.toLowerCase() === 'bearer') return value;
  return basicOf(authorization)?.password;
}

/** User name and password of Basic authentication (RFC 7617). */
export function basicOf(authorization: string | undefined): { user: string; password: string } | undefined {
  const [scheme, value] = authorization?.split(' ') ?? [];
  if (scheme?.toLowerCase() !== 'basic' || !value) return undefined;
  const text = Buffer.from(value, 'base64').toString();
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** Node's headers as the web's, which better-auth reads. */
export function webHeaders(request: FastifyRequest): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers))
    for (const one of [value].flat()) if (one !== undefined) headers.append(name, one);
  return headers;
}
