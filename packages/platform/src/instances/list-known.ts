import type { Instance, RouterServer } from '@berth/db/generated/client';
import type { Platform } from '../platform.js';

export type KnownInstance = Instance & { server: RouterServer | null };

/** The instances that are not down, of one app or of all, with what the router saw of those that are routed to. */
export function listKnown(platform: Platform, { appId }: { appId?: string } = {}): Promise<KnownInstance[]> {
  return platform.db.instance.findMany({
    where: { state: { not: 'down' }, ...(appId ? { appId } : {}) },
    include: { server: true },
    orderBy: [{ appId: 'asc' }, { rolloutId: 'asc' }, { processType: 'asc' }, { index: 'asc' }],
  });
}
