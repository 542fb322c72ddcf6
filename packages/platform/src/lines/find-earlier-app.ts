import type { Db, Tx } from '@berth/db/client';

/** The pipeline's app that stands right before a place in the line: what is promoted there comes from it. Null: there is none. */
export function findEarlierApp(
  db: Db | Tx,
  { pipelineId, position }: { pipelineId: string; position: number },
): Promise<{ name: string; currentReleaseId: string | null; environment: { name: string } } | null> {
  return db.app.findFirst({
    where: { pipelineId, destroyedAt: null, environment: { kind: 'stable', position: { lt: position } } },
    orderBy: { environment: { position: 'desc' } },
    select: { name: true, currentReleaseId: true, environment: { select: { name: true } } },
  });
}
