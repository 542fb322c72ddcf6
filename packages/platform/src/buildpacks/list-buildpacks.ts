import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import type { Platform } from '../platform.js';

/** The buildpacks of an app in their order; none: the next build detects one. */
export async function listBuildpacks(
  platform: Platform,
  { actor, app: name }: { actor: Actor; app: string },
): Promise<string[]> {
  const { id } = await getAppFor(platform.db, { actor, app: name, right: 'app.view' });
  const { buildpacks } = await platform.db.app.findUniqueOrThrow({ where: { id }, select: { buildpacks: true } });
  return buildpacks;
}
