import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';
import { type ProjectView, projectInclude } from './project-view.js';
import { toProjectViews } from './read-project-view.js';

/** The project environments of the actor's teams, by name, without steps. */
export async function listProjects(platform: Platform, { actor }: { actor: Actor }): Promise<ProjectView[]> {
  const rows = await platform.db.environment.findMany({
    where: { kind: 'project', destroyedAt: null, team: { memberships: { some: { userId: actor.userId } } } },
    include: projectInclude,
    orderBy: { name: 'asc' },
  });
  return toProjectViews(platform, rows);
}
