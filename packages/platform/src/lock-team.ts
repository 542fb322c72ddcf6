import type { Tx } from '@berth/db/client';

/** Serialises what changes the order or the names of a team's environments and pipelines. */
export async function lockTeam(tx: Tx, teamId: string): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM "Team" WHERE "id" = ${teamId} FOR NO KEY UPDATE`;
}
