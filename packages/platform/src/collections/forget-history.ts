import { forgetLines } from '@berth/logs/log-stream';
import type { Platform } from '../platform.js';

const dayMs = 24 * 3_600_000;
/** Events of teams, which no environment's setting is about, days. */
const teamEventDays = 365;
/** A month's use can be looked up in the year after it, days. */
const usageDays = 400;
/** Of one statement: others need the tables meanwhile. */
const batch = 1_000;

/** How many rows went. */
export interface Forgotten {
  outputs: number;
  events: number;
  pushes: number;
  sessions: number;
  uploads: number;
  /** Hours of apps' use. */
  usage: number;
  logLines: number;
}

/**
 * Removes what is only history, after the days that its app's environment says: log lines, outputs, events, and pushes that made
 * no release with their builds; a ref's newest push stays as long as it is there (review-apps/find-stored-branch), and the push
 * that removed it until those before it are gone. Releases stay. Sessions and one-time codes that are over go too.
 */
export async function forgetHistory(platform: Platform): Promise<Forgotten> {
  const { db } = platform;
  const outputs = await inBatches(
    () => db.$executeRaw`
    DELETE FROM "Output" WHERE "id" IN (
      SELECT o."id" FROM "Output" o
      LEFT JOIN "Build" b ON b."id" = o."buildId" LEFT JOIN "Release" r ON r."id" = o."releaseId"
      JOIN "App" a ON a."id" = coalesce(b."appId", r."appId") JOIN "Environment" e ON e."id" = a."environmentId"
      WHERE o."createdAt" < now() AT TIME ZONE 'UTC' - e."keptDays" * interval '1 day' AND a."currentReleaseId" IS DISTINCT FROM r."id"
      LIMIT ${batch})`,
  );
  const events = await inBatches(
    () => db.$executeRaw`
    DELETE FROM "Event" WHERE "id" IN (
      SELECT v."id" FROM "Event" v
      LEFT JOIN "App" a ON a."id" = v."appId" LEFT JOIN "Environment" e ON e."id" = a."environmentId"
      WHERE v."createdAt" < now() AT TIME ZONE 'UTC' - coalesce(e."keptDays", ${teamEventDays}) * interval '1 day'
      LIMIT ${batch})`,
  );
  const pushes = await inBatches(
    () => db.$executeRaw`
    DELETE FROM "Push" WHERE "id" IN (
      SELECT p."id" FROM "Push" p
      JOIN "App" a ON a."id" = p."appId" JOIN "Environment" e ON e."id" = a."environmentId"
      LEFT JOIN "Source" s ON s."pushId" = p."id" LEFT JOIN "Build" b ON b."sourceId" = s."id"
      WHERE p."createdAt" < now() AT TIME ZONE 'UTC' - e."keptDays" * interval '1 day'
        AND (p."refAppliedAt" IS NOT NULL OR NOT p."refWanted")
        AND (b."id" IS NULL OR b."status" IN ('failed', 'cancelled', 'superseded'))
        AND NOT EXISTS (SELECT 1 FROM "Release" r WHERE r."buildId" = b."id" OR r."pushId" = p."id")
        AND EXISTS (SELECT 1 FROM "Push" newer WHERE newer."appId" = p."appId" AND newer."sequence" > p."sequence"
          AND (newer."ref" = p."ref" OR (p."newSha" = repeat('0', 40) AND NOT EXISTS (
            SELECT 1 FROM "Push" older
            WHERE older."appId" = p."appId" AND older."sequence" < p."sequence" AND older."ref" = p."ref"))))
      ORDER BY p."sequence"
      LIMIT ${batch})`,
  );
  const yesterday = new Date(Date.now() - dayMs);
  const { count: sessions } = await db.session.deleteMany({ where: { expiresAt: { lt: yesterday } } });
  await db.verification.deleteMany({ where: { expiresAt: { lt: yesterday } } });
  const { count: uploads } = await db.registryPush.deleteMany({ where: { expiresAt: { lt: yesterday } } });
  const usage = await inBatches(
    () => db.$executeRaw`
    DELETE FROM "UsageHour" WHERE ("appId", "hour") IN (
      SELECT u."appId", u."hour" FROM "UsageHour" u
      WHERE u."hour" < now() AT TIME ZONE 'UTC' - ${usageDays}::int * interval '1 day'
      LIMIT ${batch})`,
  );
  return { outputs, events, pushes, sessions, uploads, usage, logLines: await forgetLogLines(platform) };
}

async function forgetLogLines({ db, redis, instance }: Platform): Promise<number> {
  const apps = await db.app.findMany({
    where: { destroyedAt: null },
    select: { id: true, environment: { select: { keptDays: true, keptLines: true } } },
  });
  let sum = 0;
  for (const { id, environment } of apps) {
    const kept = { before: Date.now() - environment.keptDays * dayMs, lines: environment.keptLines };
    sum += await forgetLines(redis, instance, id, kept);
  }
  return sum;
}

/** Until nothing is left to remove: what goes may leave more to go. */
async function inBatches(remove: () => Promise<number>): Promise<number> {
  let sum = 0;
  for (let count = batch; count > 0; sum += count) count = await remove();
  return sum;
}
