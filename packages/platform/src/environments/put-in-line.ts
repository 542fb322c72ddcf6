import type { Tx } from '@berth/db/client';
import { listStages } from '../lines/list-stages.js';

/** Moves a stable environment to a place of its team's line, from 0, and numbers the line anew; the team is locked. */
export async function putInLine(
  tx: Tx,
  { teamId, environmentId, position }: { teamId: string; environmentId: string; position: number },
): Promise<void> {
  const line = (await listStages(tx, teamId)).map(({ id }) => id).filter((id) => id !== environmentId);
  line.splice(Math.min(position, line.length), 0, environmentId);
  for (const [index, id] of line.entries()) await tx.environment.update({ where: { id }, data: { position: index } });
}
