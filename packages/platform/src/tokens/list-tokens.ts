import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';

export interface TokenView {
  id: string;
  description: string;
  createdAt: Date;
  lastUsedAt: Date | null;
  expiresAt: Date | null;
}

/** The actor's own tokens, the newest first. */
export function listTokens(platform: Platform, { actor }: { actor: Actor }): Promise<TokenView[]> {
  return platform.db.apiToken.findMany({
    where: { userId: actor.userId },
    orderBy: { createdAt: 'desc' },
    select: { id: true, description: true, createdAt: true, lastUsedAt: true, expiresAt: true },
  });
}
