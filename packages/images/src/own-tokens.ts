import { cacheTokens, type RegistryAuthorizer } from './token-cache.js';
import { openTokenSigner, parseScope, registryService, type TokenSigner } from './token-signer.js';

/** How long a token opens the registry, s. */
const lifetimeSeconds = 300;

/** The tokens of who has the key itself: it asks nobody. */
export function signTokens(sign: TokenSigner, subject: string, service = registryService): RegistryAuthorizer {
  return cacheTokens(async (scopes) => {
    const access = scopes.flatMap((scope) => parseScope(scope) ?? []);
    const token = await sign({ subject, service, access, lifetimeSeconds });
    return { token, expiresAt: Date.now() + lifetimeSeconds * 1000 };
  });
}

/** The same, from the files of the key. */
export async function signOwnTokens(
  files: { keyPem: string; certificatePem: string },
  subject: string,
): Promise<RegistryAuthorizer> {
  return signTokens(await openTokenSigner(files), subject);
}
