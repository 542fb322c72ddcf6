import type { Db } from '@berth/db/client';
import { type Lease, LeaseLostError, renewLease } from './lease.js';

/**
 * Renews a lease of `ttlMs` three times in that time, until `stop`. `onLost` is called when somebody else has it, or when it could not be
 * renewed in time (the database was away): what it protects is to stop. Never after `stop`, when the lease may be given back.
 */
export function keepLease(
  db: Db,
  lease: Lease,
  ttlMs: number,
  onLost: (error: LeaseLostError) => void,
): { stop: () => void } {
  let lastRenewedAt = Date.now();
  let isStopped = false;
  const renewal = setInterval(() => {
    renewLease(db, lease, ttlMs).then(
      (isOurs) => {
        if (isOurs) lastRenewedAt = Date.now();
        else if (!isStopped) onLost(new LeaseLostError(`lease ${lease.key} was lost`));
      },
      () => {
        if (!isStopped && Date.now() - lastRenewedAt > ttlMs)
          onLost(new LeaseLostError(`lease ${lease.key} was not renewed in time`));
      },
    );
  }, ttlMs / 3);
  const stop = () => {
    isStopped = true;
    clearInterval(renewal);
  };
  return { stop };
}
