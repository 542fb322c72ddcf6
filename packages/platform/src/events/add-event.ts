import type { Tx } from '@berth/db/client';

/** What happened, in the past tense, e.g. `build.succeeded`: one row per state move, written in the move's transaction. */
export interface NewEvent {
  name: string;
  noun: string;
  nounId: string;
  appId?: string;
  /** Taken from the app when it is about one. */
  teamId?: string;
  userId?: string | undefined;
  data?: Record<string, unknown>;
}

export async function addEvent(tx: Tx, event: NewEvent): Promise<void> {
  const { name, noun, nounId, appId = null, teamId = null, userId = null, data = {} } = event;
  await tx.$executeRaw`
    INSERT INTO "Event" ("name", "noun", "nounId", "appId", "teamId", "userId", "data")
    VALUES (${name}, ${noun}, ${nounId}, ${appId},
            coalesce(${teamId}, (SELECT "teamId" FROM "App" WHERE "id" = ${appId})), ${userId}, ${JSON.stringify(data)}::jsonb)`;
}
