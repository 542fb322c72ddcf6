import type { UsageEntry } from '@berth/domain/meter-usage';
import type { Platform } from '../platform.js';

/**
 * Adds what containers used to the hour in which `at` lies. A container that is no app's instance (a build, a one-off) counts for nobody.
 * @param appOf container → app: find-apps-of
 */
export async function addUsage(
  { db }: Platform,
  { at, entries, appOf }: { at: Date; entries: readonly UsageEntry[]; appOf: ReadonlyMap<string, string> },
): Promise<void> {
  const sums = new Map<string, Omit<UsageEntry, 'containerId'>>();
  for (const { containerId, ...used } of entries) {
    const appId = appOf.get(containerId);
    if (!appId) continue;
    const sum = sums.get(appId) ?? { cpuMs: 0, memoryMiBSeconds: 0, awakeSeconds: 0, asleepSeconds: 0 };
    for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += used[name];
    sums.set(appId, sum);
  }
  const rows = [...sums].map(([appId, sum]) => ({ appId, ...sum }));
  if (rows.length === 0) return;
  await db.$executeRaw`
    INSERT INTO "UsageHour" ("appId", "hour", "teamId", "environment", "app",
      "cpuMs", "memoryMiBSeconds", "awakeSeconds", "asleepSeconds")
    SELECT app."id", date_trunc('hour', ${at.toISOString()}::timestamp), app."teamId", environment."name", app."name",
      used."cpuMs", used."memoryMiBSeconds", used."awakeSeconds", used."asleepSeconds"
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS used("appId" text, "cpuMs" float8, "memoryMiBSeconds" float8, "awakeSeconds" float8, "asleepSeconds" float8)
    JOIN "App" app ON app."id" = used."appId"
    JOIN "Environment" environment ON environment."id" = app."environmentId"
    ON CONFLICT ("appId", "hour") DO UPDATE SET
      "cpuMs" = "UsageHour"."cpuMs" + EXCLUDED."cpuMs",
      "memoryMiBSeconds" = "UsageHour"."memoryMiBSeconds" + EXCLUDED."memoryMiBSeconds",
      "awakeSeconds" = "UsageHour"."awakeSeconds" + EXCLUDED."awakeSeconds",
      "asleepSeconds" = "UsageHour"."asleepSeconds" + EXCLUDED."asleepSeconds"`;
}
