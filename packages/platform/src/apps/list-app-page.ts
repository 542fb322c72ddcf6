import { type ListPage, pageOf } from '@berth/domain/page-of';
import type { SleepState } from '@berth/domain/sleep-state';
import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';
import { type AppView, appViewInclude, toAppView } from './app-view.js';

export interface AppPage extends ListPage {
  apps: (AppView & { sleep: SleepState })[];
}

const pageSize = 50;

/**
 * The apps of the actor's teams by name, a page of them; a page further than the last is the last.
 * @param search part of an app's or an environment's name
 */
export async function listAppPage(
  platform: Platform,
  { actor, search, page = 1 }: { actor: Actor; search?: string; page?: number },
): Promise<AppPage> {
  const { db } = platform;
  const contains = search?.toLowerCase();
  const where = {
    destroyedAt: null,
    team: { memberships: { some: { userId: actor.userId } } },
    ...(contains ? { OR: [{ name: { contains } }, { environment: { name: { contains } } }] } : {}),
  };
  const { at, rows: ofPage } = pageOf(await db.app.count({ where }), { wanted: page, size: pageSize });
  const rows = await db.app.findMany({
    ...{ where, orderBy: { name: 'asc' }, ...ofPage },
    include: { ...appViewInclude, sleep: { select: { state: true } } },
  });
  const apps = rows.map((row) => ({ ...toAppView(platform, row, []), sleep: row.sleep?.state ?? 'awake' }));
  return { apps, ...at };
}
