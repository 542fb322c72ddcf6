import { TransientError } from '@berth/domain/errors';
import { request } from 'undici';
import { askToken } from './ask-token.js';
import { Registry } from './registry.js';
import { cacheTokens, type RegistryAccess, type RegistryAuthorizer } from './token-cache.js';

/**
 * A registry that is not the one builds push to: it says itself how one signs in (a Basic or Bearer challenge,
 * https://distribution.github.io/distribution/spec/auth/token/).
 */
export interface ForeignRegistry {
  registry: Registry;
  /** What stands before our repository names there; empty, or with a slash at its end. */
  prefix: string;
  authorizer: RegistryAuthorizer;
}

/** @param address `https://user:password@registry.example.com/prefix`, all but scheme and host as needed */
export function openForeignRegistry(address: string): ForeignRegistry {
  const url = new URL(address);
  const path = url.pathname.replace(/^\/+|\/+$/g, '');
  const authorizer = answerChallenge(url);
  return { registry: new Registry({ url: url.origin, authorizer }), prefix: path && `${path}/`, authorizer };
}

function answerChallenge(url: URL): RegistryAuthorizer {
  const user = `${url.username}:${url.password}`;
  let asked: Promise<RegistryAuthorizer> | undefined;
  const authorizer = () => {
    asked ??= readChallenge(url.origin).then(({ realm, service, isBasic }) => {
      if (isBasic) return fixed(`Basic ${Buffer.from(decodeURIComponent(user)).toString('base64')}`);
      if (realm === undefined) return fixed(undefined);
      const server = new URL(realm);
      server.username = url.username;
      server.password = url.password;
      return cacheTokens((scopes) => askToken(server.href, service, scopes));
    });
    asked.catch(() => {
      asked = undefined;
    });
    return asked;
  };
  return {
    authorize: async (access: readonly RegistryAccess[]) => (await authorizer()).authorize(access),
    forget: () => void asked?.then((known) => known.forget()).catch(() => {}),
  };
}

const fixed = (header: string | undefined): RegistryAuthorizer => ({ authorize: async () => header, forget: () => {} });

async function readChallenge(origin: string) {
  const { statusCode, headers, body } = await request(`${origin}/v2/`).catch((cause: unknown) => {
    throw new TransientError(`the registry ${origin} does not answer: ${String(cause)}`, { cause });
  });
  await body.dump();
  const challenge = statusCode === 401 ? String(headers['www-authenticate'] ?? '') : '';
  const parameter = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1];
  return { isBasic: /^basic /i.test(challenge), realm: parameter('realm'), service: parameter('service') ?? '' };
}
