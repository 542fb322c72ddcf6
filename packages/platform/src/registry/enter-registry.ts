import type { Platform } from '../platform.js';

/** Lease of a collection while it deletes manifests of a repository: nobody else pushes there. */
export const deletionKey = (repository: string) => `delete:${repository}`;

/**
 * A row for a push that may take `ms` from now on; false while a window is open, or manifests of this repository are deleted.
 * The lock makes a collection that begins now see this row, or this push see the collection.
 */
export async function enterRegistry(
  { db }: Platform,
  { id, repository, ms }: { id: string; repository: string; ms: number },
): Promise<boolean> {
  const [, count] = await db.$transaction([
    db.$queryRaw`SELECT pg_advisory_xact_lock_shared(hashtext('berth.registry'))::text`,
    db.$executeRaw`
      INSERT INTO "RegistryPush" ("id", "repository", "expiresAt")
      SELECT ${id}, ${repository}, (now() AT TIME ZONE 'UTC') + ${ms}::int * interval '1 millisecond'
      WHERE NOT EXISTS (SELECT 1 FROM "Collection" WHERE "windowBeganAt" IS NOT NULL AND "windowEndedAt" IS NULL)
        AND NOT EXISTS (SELECT 1 FROM "Lease" WHERE "key" = ${deletionKey(repository)} AND "expiresAt" > now())`,
  ]);
  return count === 1;
}
