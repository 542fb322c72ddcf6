import type { Db, Tx } from '@berth/db/client';
import { TransientError } from '@berth/domain/errors';

/** Proof that a process may write for `key`: every write of a worker checks the fence in its own transaction. */
export interface Lease {
  key: string;
  holder: string;
  fence: number;
}

/** The lease went to somebody else (this process was slow or cut off); whoever has it now goes on. */
export class LeaseLostError extends TransientError {}

/**
 * Takes the lease when it is free or has run out; undefined when somebody else holds it. With `isSuccessor` also from one of the
 * same name, who is known to be over: it was killed, or loses all that it does by the new fence.
 */
export async function acquireLease(
  db: Db | Tx,
  key: string,
  holder: string,
  ttlMs: number,
  { isSuccessor = false } = {},
): Promise<Lease | undefined> {
  const rows = await db.$queryRaw<{ fence: number }[]>`
    INSERT INTO "Lease" ("key", "holder", "fence", "expiresAt")
    VALUES (${key}, ${holder}, 1, now() + ${ttlMs}::int * interval '1 millisecond')
    ON CONFLICT ("key") DO UPDATE
      SET "holder" = excluded."holder", "fence" = "Lease"."fence" + 1, "expiresAt" = excluded."expiresAt"
      WHERE "Lease"."expiresAt" < now() OR (${isSuccessor} AND "Lease"."holder" = excluded."holder")
    RETURNING "fence"`;
  const row = rows[0];
  return row && { key, holder, fence: row.fence };
}

/** Extends the lease; false when it was lost. */
export async function renewLease(db: Db, lease: Lease, ttlMs: number): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE "Lease" SET "expiresAt" = now() + ${ttlMs}::int * interval '1 millisecond'
    WHERE "key" = ${lease.key} AND "fence" = ${lease.fence} AND "holder" = ${lease.holder}`;
  return count === 1;
}

/**
 * Gives the lease back; the row stays, so that the fence only ever grows. Nobody holds it then: a renewal that was under way finds
 * nothing to renew.
 */
export async function releaseLease(db: Db, lease: Lease): Promise<void> {
  await db.$executeRaw`
    UPDATE "Lease" SET "expiresAt" = now() - interval '1 millisecond', "holder" = ''
    WHERE "key" = ${lease.key} AND "fence" = ${lease.fence} AND "holder" = ${lease.holder}`;
}

/** Called first in every transaction of a worker: throws when the lease is no longer its own. */
export async function assertLease(tx: Tx, lease: Lease): Promise<void> {
  const rows = await tx.$queryRaw<{ ok: number }[]>`
    SELECT 1 AS ok FROM "Lease"
    WHERE "key" = ${lease.key} AND "fence" = ${lease.fence} AND "holder" = ${lease.holder} FOR SHARE`;
  if (rows.length === 0) throw new LeaseLostError(`lease ${lease.key} (fence ${lease.fence}) was lost`);
}
