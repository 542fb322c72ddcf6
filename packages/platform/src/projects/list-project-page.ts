import { type ListPage, pageOf } from '@berth/domain/page-of';
import { isAsleep } from '@berth/domain/sleep-state';
import type { Actor } from '../actor.js';
import { getTeamFor } from '../auth/get-team-for.js';
import type { Platform } from '../platform.js';
import { type ProjectView, projectInclude } from './project-view.js';
import { toProjectViews } from './read-project-view.js';

/** A project environment in a list; `asleep`: how many of its services sleep. */
export type ProjectLine = ProjectView & { asleep: number };

export interface ProjectPage extends ListPage {
  projects: ProjectLine[];
}

const pageSize = 20;

/**
 * The project environments of a team, the newest first, a page of them; a page further than the last is the last.
 * @param search part of a name
 */
export async function listProjectPage(
  platform: Platform,
  { actor, team, search, page = 1 }: { actor: Actor; team: string; search?: string; page?: number },
): Promise<ProjectPage> {
  const { db } = platform;
  const { id: teamId } = await getTeamFor(db, { actor, team, right: 'team.view' });
  const name = search ? { name: { contains: search.toLowerCase() } } : {};
  const where = { teamId, kind: 'project' as const, destroyedAt: null, ...name };
  const total = await db.environment.count({ where });
  const { at, rows: ofPage } = pageOf(total, { wanted: page, size: pageSize });
  const rows = await db.environment.findMany({
    ...{ where, include: projectInclude, orderBy: [{ createdAt: 'desc' }, { id: 'asc' }] },
    ...ofPage,
  });
  const appIds = rows.flatMap(({ apps }) => apps.map(({ id }) => id));
  const [views, sleeps] = await Promise.all([
    toProjectViews(platform, rows),
    db.sleep.findMany({ where: { appId: { in: appIds } }, select: { appId: true, state: true } }),
  ]);
  const sleeping = new Set(sleeps.flatMap(({ appId, state }) => (isAsleep(state) ? [appId] : [])));
  const projects = views.map((view) => ({
    ...view,
    asleep: view.services.filter(({ app }) => sleeping.has(app.id)).length,
  }));
  return { projects, ...at };
}
