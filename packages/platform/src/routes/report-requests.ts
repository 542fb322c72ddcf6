import type { Platform } from '../platform.js';

/** When apps that may fall asleep had their last request. A report that comes late changes nothing. */
export async function reportRequests(
  platform: Platform,
  reports: readonly { appId: string; at: Date }[],
): Promise<void> {
  if (reports.length === 0) return;
  await platform.db.$executeRaw`
    UPDATE "Route" AS s SET "lastRequestAt" = r."at"
    FROM jsonb_to_recordset(${JSON.stringify(reports)}::jsonb) AS r("appId" text, "at" timestamp(3))
    WHERE s."appId" = r."appId" AND (s."lastRequestAt" IS NULL OR s."lastRequestAt" < r."at")`;
}
