import type { Db, Tx } from '@berth/db/client';

/** Whose log tells about a service of a project environment: its own app, else its base's. */
export async function findAppOfService(
  db: Db | Tx,
  { environmentId, baseId, service }: { environmentId: string; baseId: string | null; service: string },
): Promise<{ id: string } | undefined> {
  const apps = await db.app.findMany({
    where: {
      environmentId: { in: [environmentId, ...(baseId === null ? [] : [baseId])] },
      destroyedAt: null,
      pipeline: { name: service },
    },
    select: { id: true, environmentId: true },
  });
  return apps.find((app) => app.environmentId === environmentId) ?? apps[0];
}
