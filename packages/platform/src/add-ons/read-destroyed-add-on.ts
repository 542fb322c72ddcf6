import type { Platform } from '../platform.js';

/** What is left to remove of a destroyed add-on. Undefined: it is gone already. */
export async function readDestroyedAddOn(
  { db }: Platform,
  { addOnId }: { addOnId: string },
): Promise<{ database: string; users: string[] } | undefined> {
  const addOn = await db.addOn.findFirst({
    where: { id: addOnId, status: 'deprovisioning' },
    include: { credentials: { select: { user: true } } },
  });
  return addOn ? { database: addOn.database, users: addOn.credentials.map(({ user }) => user) } : undefined;
}
