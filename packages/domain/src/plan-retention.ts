import type { ReleaseStatus } from './status.js';

/** Newest live releases of an app whose images are kept, where its environment does not say otherwise. */
export const keptReleasesOf = (environment: { kind: 'stable' | 'project'; keptReleases: number | null }): number =>
  environment.keptReleases ?? (environment.kind === 'stable' ? 20 : 5);

/** Why an image is kept; the first that holds. */
export type KeptBecause = 'serving' | 'under way' | 'rollback' | 'new';

export interface RetentionRelease {
  version: number;
  status: ReleaseStatus;
  imageId: string | null;
  /** It is the app's current one, or a rollout of it has containers or may get some. */
  isServing: boolean;
}

export interface RetentionApp {
  keptReleases: number;
  releases: readonly RetentionRelease[];
}

export interface RetentionImage {
  id: string;
  /** Two commits may have given the very same image. */
  digest: string;
  createdAt: Date;
  /** A rebase or another piece of work that is not over refers to it. */
  isAwaited: boolean;
}

/**
 * Which images of one repository are kept, and why; those that are not in the answer nothing refers to. `apps` are all
 * that share the repository, the destroyed ones left out: an image that one app keeps is kept.
 */
export function planRetention(
  { apps, images }: { apps: readonly RetentionApp[]; images: readonly RetentionImage[] },
  { now, graceMs }: { now: Date; graceMs: number },
): Map<string, KeptBecause> {
  const kept = new Map<string, KeptBecause>();
  const keep = (imageId: string | null, why: KeptBecause) => {
    if (imageId !== null && !kept.has(imageId)) kept.set(imageId, why);
  };
  const releases = apps.flatMap((app) => app.releases);
  for (const { imageId, isServing } of releases) if (isServing) keep(imageId, 'serving');
  for (const { imageId, status } of releases)
    if (status === 'pending' || status === 'running') keep(imageId, 'under way');
  for (const { id, isAwaited } of images) if (isAwaited) keep(id, 'under way');
  for (const app of apps) for (const { imageId } of rollbackTargets(app)) keep(imageId, 'rollback');
  // An image whose release is not written yet, or whose app was made a moment ago.
  for (const { id, createdAt } of images) if (now.getTime() - createdAt.getTime() < graceMs) keep(id, 'new');
  const digests = new Map(images.flatMap(({ id, digest }) => (kept.has(id) ? [[digest, kept.get(id)!] as const] : [])));
  for (const { id, digest } of images) if (digests.has(digest)) keep(id, digests.get(digest)!);
  return kept;
}

/** Releases one may go back to: the newest that succeeded and have an image. */
function rollbackTargets<R extends RetentionRelease>(app: { keptReleases: number; releases: readonly R[] }): R[] {
  return app.releases
    .filter(({ status, imageId }) => status === 'succeeded' && imageId !== null)
    .toSorted((a, b) => b.version - a.version)
    .slice(0, app.keptReleases);
}
