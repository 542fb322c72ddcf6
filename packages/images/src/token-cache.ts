/** What may be done with a repository; `push` includes pulling. */
export type RegistryAction = 'pull' | 'push' | 'delete';

export interface RegistryAccess {
  repository: string;
  action: RegistryAction;
}

/** A bearer token of the registry with its end, ms since 1970. */
export interface RegistryToken {
  token: string;
  expiresAt: number;
}

/** Gives the registry's client its Authorization headers. */
export interface RegistryAuthorizer {
  authorize: (access: readonly RegistryAccess[]) => Promise<string | undefined>;
  /** The registry refused one: ask for new ones. */
  forget: () => void;
}

/** Below this rest of its life a token is not used any more, ms. */
const spareMs = 20_000;
/** From this part of its life on a token is renewed in the background. */
const freshPart = 0.6;

interface Kept {
  token: Promise<RegistryToken>;
  askedAt: number;
  isRenewing: boolean;
}

/**
 * Keeps a token per set of accesses and renews it before its end, beside the request that finds it ageing: what is
 * pushed or pulled often waits for no token.
 * @param ask for scopes of the distribution's token specification, e.g. `repository:app/x:pull,push`
 */
export function cacheTokens(ask: (scopes: readonly string[]) => Promise<RegistryToken>): RegistryAuthorizer {
  const kept = new Map<string, Kept>();
  const fetch = (scopes: readonly string[]): Kept => {
    const token = ask(scopes);
    const entry: Kept = { token, askedAt: Date.now(), isRenewing: false };
    const key = scopes.join(' ');
    kept.set(key, entry);
    token.then(
      ({ expiresAt }) => setTimeout(() => kept.get(key) === entry && kept.delete(key), expiresAt - Date.now()).unref(),
      () => kept.get(key) === entry && kept.delete(key),
    );
    return entry;
  };
  const renew = (entry: Kept, scopes: readonly string[]) => {
    entry.isRenewing = true;
    const renewed = ask(scopes);
    const askedAt = Date.now();
    renewed.then(
      () => kept.set(scopes.join(' '), { token: renewed, askedAt, isRenewing: false }),
      () => {
        entry.isRenewing = false; // the next request tries again
      },
    );
  };
  return {
    authorize: async (access) => {
      const scopes = [...new Set(access.map(scopeOf))].sort();
      const entry = kept.get(scopes.join(' ')) ?? fetch(scopes);
      const { token, expiresAt } = await entry.token;
      const now = Date.now();
      if (expiresAt - now < spareMs) return `Bearer ${(await fetch(scopes).token).token}`;
      const age = (now - entry.askedAt) / (expiresAt - entry.askedAt);
      if (age > freshPart && !entry.isRenewing) renew(entry, scopes);
      return `Bearer ${token}`;
    },
    forget: () => kept.clear(),
  };
}

const scopeOf = ({ repository, action }: RegistryAccess): string =>
  `repository:${repository}:${action === 'push' ? 'pull,push' : action}`;
