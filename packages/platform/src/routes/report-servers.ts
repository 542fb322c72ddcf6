import type { ServerSeen } from '@berth/db/generated/client';
import type { Platform } from '../platform.js';

export interface ServerReport {
  instanceId: string;
  seen: ServerSeen;
  lastCheck: string | null;
  openRequests: number;
}

/** What HAProxy sees now. Only what differs is written, and only that wakes who waits for the rollout. */
export async function reportServers(platform: Platform, reports: readonly ServerReport[]): Promise<void> {
  if (reports.length === 0) return;
  const changed = await platform.db.$queryRaw<{ rolloutId: string }[]>`
    UPDATE "RouterServer" AS s
    SET "seen" = r."seen"::"ServerSeen", "lastCheck" = r."lastCheck", "openRequests" = r."openRequests", "updatedAt" = now()
    FROM jsonb_to_recordset(${JSON.stringify(reports)}::jsonb)
      AS r("instanceId" text, "seen" text, "lastCheck" text, "openRequests" int)
    WHERE s."instanceId" = r."instanceId"
      AND (s."seen"::text, s."lastCheck", s."openRequests") IS DISTINCT FROM (r."seen", r."lastCheck", r."openRequests")
    RETURNING s."rolloutId"`;
  const rolloutIds = [...new Set(changed.map(({ rolloutId }) => rolloutId))];
  await platform.wake.publish(rolloutIds.map((id) => `rollout:${id}` as const));
}
