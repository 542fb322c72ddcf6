import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';
import { type SleepView, toSleepView } from '../sleep/sleep-view.js';
import { getProjectFor } from './get-project-for.js';

/** How the apps of a project environment sleep, by the app's name. */
export async function listProjectSleep(
  { db }: Platform,
  { actor, environment: name }: { actor: Actor; environment: string },
): Promise<Record<string, SleepView>> {
  const environment = await getProjectFor(db, { actor, environment: name, right: 'team.view' });
  const apps = await db.app.findMany({
    where: { environmentId: environment.id, destroyedAt: null },
    select: { name: true, sleep: true },
  });
  const now = new Date();
  return Object.fromEntries(apps.map(({ name: app, sleep }) => [app, toSleepView(sleep, environment, now)]));
}
