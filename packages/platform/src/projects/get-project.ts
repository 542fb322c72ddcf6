import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';
import { getProjectFor } from './get-project-for.js';
import type { ProjectView } from './project-view.js';
import { readProjectView } from './read-project-view.js';

export type { ProjectView };

/** @param environment name or id */
export async function getProject(
  platform: Platform,
  { actor, environment }: { actor: Actor; environment: string },
): Promise<ProjectView> {
  const { id } = await getProjectFor(platform.db, { actor, environment, right: 'team.view' });
  return readProjectView(platform, id);
}
