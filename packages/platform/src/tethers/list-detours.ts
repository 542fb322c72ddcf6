import type { Platform } from '../platform.js';

export interface TableDetour {
  id: string;
  environmentId: string;
  service: string;
  /** ms since the epoch. */
  leaseUntil: number;
}

/** Those that hold now, for the router. */
export async function listDetours({ db }: Platform): Promise<TableDetour[]> {
  const rows = await db.detour.findMany({
    where: { leaseUntil: { gt: new Date() } },
    select: { id: true, environmentId: true, service: true, leaseUntil: true },
    orderBy: { id: 'asc' },
  });
  return rows.map((row) => ({ ...row, leaseUntil: row.leaseUntil.getTime() }));
}
