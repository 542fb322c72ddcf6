import { setTimeout as sleep } from 'node:timers/promises';
import { TransientError } from '@berth/domain/errors';
import { request } from 'undici';
import { z } from 'zod';
import type { RegistryToken } from './token-cache.js';

/** Token servers name it by one or both names, and may say no time: then it is a minute. */
const answer = z
  .object({ token: z.string().optional(), access_token: z.string().optional(), expires_in: z.number().default(60) })
  .transform(({ token, access_token, expires_in }) => ({ token: token ?? access_token ?? '', seconds: expires_in }));

/** A token server that restarts is back within this time, ms. */
const awayMs = 15_000;

/**
 * A bearer token for scopes, as the distribution's token specification asks for one
 * (https://distribution.github.io/distribution/spec/auth/token/).
 * @param server address of the token server with who we are in it: `http://builder:<secret>@api:8000/registry/token`
 */
export async function askToken(server: string, service: string, scopes: readonly string[]): Promise<RegistryToken> {
  const url = new URL(server);
  const basic = Buffer.from(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`).toString(
    'base64',
  );
  url.username = '';
  url.password = '';
  url.searchParams.set('service', service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  const end = Date.now() + awayMs;
  for (;;) {
    try {
      return await askOnce(url, `Basic ${basic}`);
    } catch (error) {
      if (!(error instanceof TransientError) || Date.now() > end) throw error;
      await sleep(300);
    }
  }
}

async function askOnce(url: URL, authorization: string): Promise<RegistryToken> {
  const askedAt = Date.now();
  const { statusCode, body } = await request(url, { headers: { authorization } }).catch((cause: unknown) => {
    throw new TransientError(`the registry's token server does not answer: ${String(cause)}`, { cause });
  });
  const text = await body.text();
  if (statusCode >= 500) throw new TransientError(`the registry's token server answered ${statusCode}`);
  if (statusCode !== 200) throw new Error(`the registry's token server answered ${statusCode}: ${text.slice(0, 300)}`);
  const { token, seconds } = answer.parse(JSON.parse(text));
  return { token, expiresAt: askedAt + seconds * 1000 };
}
