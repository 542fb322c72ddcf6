import type { Platform } from '../platform.js';

/** What is left to remove of a destroyed add-on; `database` is the key of a Redis server or a volume. Undefined: it is gone already. */
export async function readDestroyedAddOn(
  { db }: Platform,
  { addOnId }: { addOnId: string },
): Promise<{ service: string; database: string; users: string[] } | undefined> {
  const addOn = await db.addOn.findFirst({
    where: { id: addOnId, status: 'deprovisioning' },
    include: { credentials: { select: { user: true } } },
  });
  if (!addOn) return undefined;
  const { service, database, credentials } = addOn;
  return { service, database, users: credentials.map(({ user }) => user) };
}
