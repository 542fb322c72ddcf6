import { streamKey } from '@berth/logs/log-stream';
import type { Platform } from '../platform.js';

/** Bytes of rows and streams, which lie inside of PostgreSQL's and Redis's volumes. */
export interface HistorySize {
  kind: 'output' | 'event' | 'log-stream';
  team: string;
  /** Null: of the team. */
  app: string | null;
  bytes: number;
  /** How long it is kept, in words. */
  kept: string;
}

interface Row {
  team: string;
  app: string | null;
  bytes: bigint;
  days: number | null;
}

export async function readHistorySizes(platform: Platform): Promise<HistorySize[]> {
  const { db } = platform;
  const [outputs, events, streams] = await Promise.all([
    db.$queryRaw<Row[]>`
      SELECT t."name" AS "team", a."name" AS "app", min(e."keptDays") AS "days", sum(pg_column_size(o."text"))::bigint AS "bytes"
      FROM "Output" o LEFT JOIN "Build" b ON b."id" = o."buildId" LEFT JOIN "Release" r ON r."id" = o."releaseId"
      JOIN "App" a ON a."id" = coalesce(b."appId", r."appId")
      JOIN "Environment" e ON e."id" = a."environmentId" JOIN "Team" t ON t."id" = a."teamId"
      GROUP BY t."name", a."name"`,
    db.$queryRaw<Row[]>`
      SELECT t."name" AS "team", NULL AS "app", NULL AS "days", sum(pg_column_size(v.*))::bigint AS "bytes"
      FROM "Event" v JOIN "Team" t ON t."id" = v."teamId" GROUP BY t."name"`,
    readStreams(platform),
  ]);
  const size = (kind: 'output' | 'event', kept: (days: number | null) => string) => (row: Row) => ({
    ...{ kind, team: row.team, app: row.app, bytes: Number(row.bytes), kept: kept(row.days) },
  });
  return [
    ...outputs.map(size('output', (days) => `what builds and release phases printed, for ${days} days`)),
    ...events.map(size('event', () => 'what happened, as long as each environment says')),
    ...streams,
  ];
}

async function readStreams({ db, redis, instance }: Platform): Promise<HistorySize[]> {
  const environment = { select: { keptDays: true, keptLines: true } };
  const apps = await db.app.findMany({
    select: { id: true, name: true, team: { select: { name: true } }, environment },
  });
  const pipeline = redis.pipeline();
  for (const { id } of apps) pipeline.memory('USAGE', streamKey(instance, id));
  const sizes = (await pipeline.exec()) ?? [];
  return apps.map(({ name, team, environment: { keptDays, keptLines } }, index) => ({
    ...{ kind: 'log-stream' as const, team: team.name, app: name },
    kept: `its newest ${keptLines} log lines, for ${keptDays} days`,
    bytes: Number(sizes[index]?.[1] ?? 0),
  }));
}
