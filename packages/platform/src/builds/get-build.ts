import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';
import { type BuildView, toBuildView } from './build-view.js';
import { findBuildFor } from './find-build-for.js';

export type { BuildView };

/** One build with its steps. */
export async function getBuild(
  platform: Platform,
  { actor, app, build: id }: { actor: Actor; app: string; build: string },
): Promise<BuildView> {
  const { build } = await findBuildFor(platform, { actor, app, build: id, right: 'app.view' });
  return toBuildView(build, await platform.db.user.findMany({ where: { id: build.userId } }));
}
