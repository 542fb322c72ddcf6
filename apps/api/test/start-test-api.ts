// biome-ignore-all lint/suspicious/noExplicitAny: answers are read as a client reads JSON

import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { openLogger } from '@berth/daemon/logger';
import { createTestDatabase, prepareTemplate } from '@berth/db/test-database';
import { Secret } from '@berth/domain/secret';
import { openPlatform, type Platform } from '@berth/platform/platform';
import { createInvitation } from '@berth/platform/teams/create-invitation';
import { createToken } from '@berth/platform/tokens/create-token';
import { acceptInvitation } from '@berth/platform/users/accept-invitation';
import { createFirstAdmin } from '@berth/platform/users/create-first-admin';
import type { ApiOptions } from '../src/api.js';
import { openServer } from '../src/server.js';

const adminUrl = required('TEST_DATABASE_URL');
const redisUrl = required('TEST_REDIS_URL');
const template = 'berth_template_api';

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`These tests need ${name}.`);
  return value;
}

export type TestApi = Awaited<ReturnType<typeof startTestApi>>;

/** An API of its own: a fresh database, a namespace of its own in Redis, a free port, and a first admin. */
export async function startTestApi(
  options: Pick<ApiOptions, 'internalRouter' | 'dataServer' | 'redisRouter' | 'tethers' | 'prices'> = {},
) {
  await prepareTemplate(adminUrl, template);
  const database = await createTestDatabase(adminUrl, template);
  const platform = openPlatform({
    BERTH_INSTANCE: `api-test-${randomBytes(4).toString('hex')}`,
    DATABASE_URL: database.url,
    REDIS_URL: redisUrl,
    BERTH_SECRET_KEY: new Secret(randomBytes(32).toString('base64')),
    BERTH_DOMAIN: 'localhost',
    BERTH_PORT: 5000,
    BERTH_APPS_PORT: 8080,
    BERTH_APPS_TLS_PORT: 8443,
    BERTH_SSH_PORT: 2222,
  });
  const logger = openLogger('api', 'error');
  const server = openServer({ platform, logger, secret: randomBytes(32).toString('hex'), ...options });
  await server.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  const admin = { email: 'admin@example.com', password: 'a password of the admin' };
  const { userId, token } = await createFirstAdmin(platform, { ...admin, name: 'Admin', withToken: true });
  const ask = <T = any>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    call<T>({ url }, token ?? null, method, path, body, headers);
  return {
    platform,
    url,
    /** A request of the first admin. */
    ask,
    newApp: async (name: string): Promise<{ id: string; name: string }> => {
      const { status, body } = await ask('POST', '/apps', { name });
      if (status !== 201) throw new Error(`no app ${name}: ${JSON.stringify(body)}`);
      return body;
    },
    admin: { ...admin, userId, token: token ?? '' },
    stop: async () => {
      await server.close();
      const keys = await platform.redis.keys(`*${platform.instance}*`);
      if (keys.length > 0) await platform.redis.del(keys);
      await platform.close();
      await database.drop();
    },
  };
}

/** Somebody else in the team `default`, or with `team` in another one, with a token. */
export async function addPerson(
  platform: Platform,
  by: { userId: string },
  { email, role, team = 'default' }: { email: string; role: 'viewer' | 'member' | 'admin' | 'owner'; team?: string },
) {
  const { secret } = await createInvitation(platform, { actor: by, team, role });
  const { userId } = await acceptInvitation(platform, { secret, name: email, email, password: `password of ${email}` });
  const { token } = await createToken(platform, { actor: { userId }, description: 'test' });
  return { userId, token };
}

export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

/** A request as the CLI makes it. */
export async function call<T = Record<string, never>>(
  api: { url: string },
  token: string | null,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  const response = await fetch(`${api.url}${path}`, {
    method,
    headers: {
      accept: 'application/vnd.heroku+json; version=3',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    redirect: 'manual',
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T };
}
