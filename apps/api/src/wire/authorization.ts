import type { TokenView } from '@berth/platform/tokens/list-tokens';
import type { Person } from '../authenticate.js';

/**
 * Heroku's `oauth-authorization`: one API token. Its secret is known only when it is made and to a request that carries it;
 * everywhere else `access_token.token` is null.
 */
export function toWireAuthorization(token: TokenView, person: Person, secret: string | null, now = Date.now()) {
  const expiresIn = token.expiresAt ? Math.max(0, Math.round((token.expiresAt.getTime() - now) / 1000)) : null;
  return {
    access_token: { expires_in: expiresIn, id: token.id, token: secret },
    client: null,
    created_at: token.createdAt,
    description: token.description,
    grant: null,
    id: token.id,
    refresh_token: null,
    scope: ['global'],
    session: null,
    updated_at: token.lastUsedAt ?? token.createdAt,
    user: { id: person.userId, email: person.email, full_name: person.name },
  };
}
