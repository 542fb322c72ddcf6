import { UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { type Platform, transaction } from '../platform.js';
import { findBuildFor } from './find-build-for.js';
import { moveBuild } from './move-build.js';

/** Cancels a build at once; its worker is woken, sees it and kills the build's processes. Throws `conflict` when it is over. */
export async function cancelBuild(
  platform: Platform,
  { actor, app, build: buildId }: { actor: Actor; app: string; build: string },
): Promise<void> {
  const { build } = await findBuildFor(platform, { actor, app, build: buildId, right: 'app.cancel-build' });
  const error = { code: 'cancelled', message: 'The build was cancelled by a user.' };
  const { userId } = actor;
  await transaction(platform, async (tx, after) => {
    const moved = await moveBuild(tx, after, { buildId, to: 'cancelled', error, userId });
    if (!moved) throw new UserError('conflict', `The build is over already (${build.status}).`);
    after.lines.push({ appId: build.appId, process: 'api', text: `Build ${buildId} was cancelled` });
  });
}
