import type { Tx } from '@berth/db/client';

/**
 * Serialises who builds a commit of a service, and holds off the collection of its images (collections/mark-collected, which
 * holds all apps of the repository): an image that is seen under this lock may be released in the same transaction.
 * Before the lock of an app of the repository.
 */
export async function lockRepository(tx: Tx, repositoryId: string): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM "App" WHERE "repositoryId" = ${repositoryId} ORDER BY "id" LIMIT 1 FOR NO KEY UPDATE`;
}
