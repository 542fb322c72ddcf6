import type { Platform } from '../platform.js';

/** apps/git has moved the ref of this push. */
export async function markRefApplied(platform: Platform, { pushId }: { pushId: string }): Promise<void> {
  await platform.db.push.updateMany({
    where: { id: pushId, refWanted: true, refAppliedAt: null },
    data: { refAppliedAt: new Date() },
  });
}
