import type { Actor } from '../actor.js';
import { type Platform, transaction } from '../platform.js';
import { getProjectFor } from './get-project-for.js';
import { lockEnvironment } from './lock-environment.js';
import { markProjectDestroyed } from './mark-project-destroyed.js';
import type { ProjectView } from './project-view.js';
import { readProjectView } from './read-project-view.js';

/** Destroys the environment with everything that it made. Returns what it was. */
export async function destroyProject(
  platform: Platform,
  { actor, environment }: { actor: Actor; environment: string },
): Promise<ProjectView> {
  const { id } = await getProjectFor(platform.db, { actor, environment, right: 'environment.destroy', orOwner: true });
  const view = await readProjectView(platform, id);
  await transaction(platform, async (tx, after) => {
    await lockEnvironment(tx, id);
    await getProjectFor(tx, { actor, environment: id, right: 'environment.destroy', orOwner: true });
    const { userId } = actor;
    await markProjectDestroyed(tx, after, { environmentId: id, userId, why: 'asked for' });
  });
  return view;
}
