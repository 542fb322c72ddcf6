import type { UsageEntry } from '@berth/domain/meter-usage';
import type { Platform } from '../platform.js';

const withoutHours = ['cpuMs', 'memoryMiBSeconds'] as const;
const allOf = [...withoutHours, 'awakeSeconds', 'asleepSeconds'] as const;

/**
 * Adds what containers used to the hour in which `at` lies. A container that is of no app (a build) counts for nobody.
 * @param appOf container → app, of instances: find-apps-of
 * @param others the same of one-offs and Redis servers (find-apps-of-others): they have no hours awake or asleep
 */
export async function addUsage(
  { db }: Platform,
  {
    at,
    entries,
    appOf,
    others,
  }: {
    at: Date;
    entries: readonly UsageEntry[];
    appOf: ReadonlyMap<string, string>;
    others: ReadonlyMap<string, string>;
  },
): Promise<void> {
  const sums = new Map<string, Omit<UsageEntry, 'containerId'>>();
  for (const { containerId, ...used } of entries) {
    const appId = appOf.get(containerId) ?? others.get(containerId);
    if (!appId) continue;
    const sum = sums.get(appId) ?? { cpuMs: 0, memoryMiBSeconds: 0, awakeSeconds: 0, asleepSeconds: 0 };
    const counted = appOf.has(containerId) ? allOf : withoutHours;
    for (const name of counted) sum[name] += used[name];
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
