import type { Platform } from '../platform.js';

/** The versions of routes that HAProxy has; who waits for a switch goes on. */
export async function reportApplied(
  platform: Platform,
  reports: readonly { appId: string; version: number }[],
): Promise<void> {
  if (reports.length === 0) return;
  const changed = await platform.db.$queryRaw<{ appId: string }[]>`
    UPDATE "Route" AS s SET "appliedVersion" = r."version"
    FROM jsonb_to_recordset(${JSON.stringify(reports)}::jsonb) AS r("appId" text, "version" int)
    WHERE s."appId" = r."appId" AND s."appliedVersion" < r."version"
    RETURNING s."appId"`;
  await platform.wake.publish(changed.map(({ appId }) => `app:${appId}` as const));
}
