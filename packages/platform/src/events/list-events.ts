import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import type { Platform } from '../platform.js';

export interface EventView {
  /** Grows with time; what a stream resumes after. */
  id: string;
  /** Past tense, e.g. `build.succeeded`. */
  name: string;
  noun: string;
  nounId: string;
  appId: string | null;
  teamId: string | null;
  userId: string | null;
  data: unknown;
  createdAt: Date;
}

const countMax = 500;

/** Events of the actor's teams, or of one app, after `afterId`, the oldest first; without it the newest 100. */
export async function listEvents(
  platform: Platform,
  { actor, app: name, afterId }: { actor: Actor; app?: string | undefined; afterId?: string | undefined },
): Promise<EventView[]> {
  const where = name
    ? { appId: (await getAppFor(platform.db, { actor, app: name, right: 'app.view' })).id }
    : { teamId: { in: await teamIds(platform, actor) } };
  const rows =
    afterId === undefined
      ? (await platform.db.event.findMany({ where, orderBy: { id: 'desc' }, take: 100 })).reverse()
      : await platform.db.event.findMany({
          where: { ...where, id: { gt: parseId(afterId) } },
          orderBy: { id: 'asc' },
          take: countMax,
        });
  return rows.map((row) => ({ ...row, id: String(row.id) }));
}

/** An id that is none (a browser's Last-Event-ID can be anything) is the beginning. */
const parseId = (text: string) => (/^\d{1,18}$/.test(text) ? BigInt(text) : 0n);

async function teamIds(platform: Platform, actor: Actor): Promise<string[]> {
  const memberships = await platform.db.membership.findMany({ where: { userId: actor.userId } });
  return memberships.map(({ teamId }) => teamId);
}
