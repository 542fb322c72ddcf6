import type { Instance } from '@berth/db/generated/client';
import type { Platform } from '../platform.js';

export type { Instance };

/** The instances that are not down, of one app or of all. */
export function listKnown(platform: Platform, { appId }: { appId?: string } = {}): Promise<Instance[]> {
  return platform.db.instance.findMany({
    where: { state: { not: 'down' }, ...(appId ? { appId } : {}) },
    orderBy: [{ appId: 'asc' }, { rolloutId: 'asc' }, { processType: 'asc' }, { index: 'asc' }],
  });
}
