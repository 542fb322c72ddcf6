import type { Db } from '@berth/db/client';
import { type Lease, LeaseLostError, renewLease } from './lease.js';

/**
 * Renews a lease of `ttlMs` three times in that time, until `stop`. `onLost` is called when somebody else has it, or when it could not be
 * renewed in time (the database was away): what it protects is to stop.
 */
export function keepLease(
  db: Db,
  lease: Lease,
  ttlMs: number,
  onLost: (error: LeaseLostError) => void,
): { stop: () => void } {
  let lastRenewedAt = Date.now();
  const renewal = setInterval(() => {
    renewLease(db, lease, ttlMs).then(
      (isOurs) => {
        if (isOurs) lastRenewedAt = Date.now();
        else onLost(new LeaseLostError(`lease ${lease.key} was lost`));
      },
      () => {
        if (Date.now() - lastRenewedAt > ttlMs)
          onLost(new LeaseLostError(`lease ${lease.key} was not renewed in time`));
      },
    );
  }, ttlMs / 3);
  return { stop: () => clearInterval(renewal) };
}
