import type { Tx } from '@berth/db/client';
import { type Change, diffTables, filesTable } from '@berth/domain/promotion-diff';
import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';
import { findReleaseFor } from './find-release-for.js';
import { type CommitsBetween, readCommits } from './read-commits.js';

/** What a release changed of what ran before it. */
export interface ReleaseDiff extends CommitsBetween {
  /** The newest release before it that succeeded; null: it is the first. */
  before: { version: number } | null;
  /** Names of config vars: what they are is a secret. */
  config: { key: string; kind: 'added' | 'removed' | 'changed' }[];
  /** What the app's files say: domain/promotion-diff. */
  processes: Change[];
}

/** For everybody who may see the app. @param version number, `v3`, id or `current` */
export async function diffRelease(
  platform: Platform,
  { actor, app: name, version }: { actor: Actor; app: string; version: number | string },
): Promise<ReleaseDiff> {
  const { release } = await findReleaseFor(platform, { actor, app: name, version, right: 'app.view' });
  const configOf = ({ config }: { config: string }) => JSON.parse(platform.secrets.open(config));
  return platform.db.$transaction(async (tx) => {
    const before = await findBefore(tx, release);
    const image = release.imageId ? await tx.image.findUnique({ where: { id: release.imageId } }) : null;
    const config = diffTables(before ? configOf(before) : {}, configOf(release));
    return {
      before: before && { version: before.version },
      ...(image ? await readCommits(tx, before?.image ?? null, image) : { commits: [], isOlder: false }),
      config: config.map(({ name: key, from, to }) => ({
        key,
        kind: from === null ? 'added' : to === null ? 'removed' : 'changed',
      })),
      processes: diffTables(
        before?.image ? filesTable(before.image, before.sections, release.sections) : {},
        image ? filesTable(image, release.sections) : {},
      ),
    };
  });
}

function findBefore(tx: Tx, { appId, version }: { appId: string; version: number }) {
  return tx.release.findFirst({
    where: { appId, version: { lt: version }, status: 'succeeded' },
    orderBy: { version: 'desc' },
    include: { image: true },
  });
}
