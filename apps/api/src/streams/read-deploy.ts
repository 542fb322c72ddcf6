import type { Actor } from '@berth/platform/actor';
import { type BuildView, getBuild } from '@berth/platform/builds/get-build';
import type { Platform } from '@berth/platform/platform';
import { getRelease } from '@berth/platform/releases/get-release';
import type { ReleaseView } from '@berth/platform/releases/list-releases';

/**
 * The newest thing that replaces what runs, with its steps: a build with its release so far, or a release of its own (a config
 * change, a rollback). Null before the first.
 */
export async function readDeploy(
  platform: Platform,
  of: { actor: Actor; app: string },
  { build, release }: { build: BuildView | undefined; release: ReleaseView | undefined },
) {
  if (!build && !release) return null;
  const isBuildNewer = build && (!release || build.createdAt > release.createdAt || build.release?.id === release.id);
  const releaseId = isBuildNewer ? build.release?.id : release?.id;
  const [buildWithSteps, releaseWithSteps] = await Promise.all([
    isBuildNewer ? getBuild(platform, { ...of, build: build.id }) : null,
    releaseId ? getRelease(platform, { ...of, version: releaseId }) : null,
  ]);
  return { build: buildWithSteps, release: releaseWithSteps };
}
