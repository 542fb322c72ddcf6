import { askToken } from './ask-token.js';
import { cacheTokens } from './token-cache.js';
import { registryService } from './token-signer.js';

/** The token to pull from a repository, as the Docker daemon sends it. @param tokenUrl as for the registry's client */
export function openPullTokens(tokenUrl: string): (repository: string) => Promise<string> {
  const tokens = cacheTokens((scopes) => askToken(tokenUrl, registryService, scopes));
  return async (repository) => (await tokens.authorize([{ repository, action: 'pull' }])).slice('Bearer '.length);
}
