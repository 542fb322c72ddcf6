import type { Db, Tx } from '@berth/db/client';

/** The rollout that serves an app: its newest that succeeded and was not retired. */
export function findCurrentRollout(db: Db | Tx, appId: string) {
  return db.rollout.findFirst({
    where: { appId, status: 'succeeded', retiredAt: null },
    orderBy: { endedAt: 'desc' },
  });
}
