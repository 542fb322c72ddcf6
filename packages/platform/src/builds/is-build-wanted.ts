import type { Platform } from '../platform.js';

/** False once the build was cancelled, superseded, or its app is gone: the builder kills its jail. */
export async function isBuildWanted(platform: Platform, { buildId }: { buildId: string }): Promise<boolean> {
  const build = await platform.db.build.findUnique({
    where: { id: buildId },
    select: { status: true, app: { select: { destroyedAt: true } } },
  });
  return build !== null && (build.status === 'pending' || build.status === 'running') && !build.app.destroyedAt;
}
