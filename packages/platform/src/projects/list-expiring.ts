import type { Platform } from '../platform.js';

/** A project environment that goes soon: expire-projects has warned of it, and nobody has extended it since. */
export interface Expiring {
  environment: string;
  expiresAt: Date;
}

/** Those of some apps, by name. */
export async function listExpiring({ db }: Platform, { appIds }: { appIds: readonly string[] }): Promise<Expiring[]> {
  const rows = await db.environment.findMany({
    where: {
      warnedAt: { not: null },
      destroyedAt: null,
      apps: { some: { id: { in: [...appIds] }, destroyedAt: null } },
    },
    select: { name: true, expiresAt: true },
    orderBy: { name: 'asc' },
  });
  return rows.flatMap(({ name, expiresAt }) => (expiresAt ? [{ environment: name, expiresAt }] : []));
}
