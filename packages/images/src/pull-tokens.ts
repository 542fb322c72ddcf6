import { askToken } from './ask-token.js';
import type { ForeignRegistry } from './foreign-registry.js';
import { cacheTokens } from './token-cache.js';
import { registryService } from './token-signer.js';

/** The token to pull from a repository, as the Docker daemon sends it. @param tokenUrl as for the registry's client */
export function openPullTokens(tokenUrl: string): (repository: string) => Promise<string> {
  const tokens = cacheTokens((scopes) => askToken(tokenUrl, registryService, scopes));
  return async (repository) => {
    const header = await tokens.authorize([{ repository, action: 'pull' }]);
    return header?.slice('Bearer '.length) ?? '';
  };
}

/** What the Docker daemon signs in with at another registry (Engine API, X-Registry-Auth); undefined: nothing is asked. */
export function openPullAuthorization({ authorizer, prefix }: ForeignRegistry) {
  return async (repository: string) => {
    const header = await authorizer.authorize([{ repository: `${prefix}${repository}`, action: 'pull' }]);
    if (header === undefined) return undefined;
    const [scheme, value = ''] = header.split(' ');
    if (scheme === 'Bearer') return { registrytoken: value };
    const [username = '', ...password] = Buffer.from(value, 'base64').toString().split(':');
    return { username, password: password.join(':') };
  };
}
