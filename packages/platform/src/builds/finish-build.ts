import type { Tx } from '@berth/db/client';
import type { Healthcheck, ProcessType } from '@berth/domain/process-type';
import { assertLease, type Lease } from '@berth/jobs/lease';
import { lockApp } from '../lock-app.js';
import { type Platform, transaction } from '../platform.js';
import { createRelease } from '../releases/create-release.js';
import { snapshotConfig } from '../releases/snapshot-config.js';
import { moveBuild } from './move-build.js';

/** What a build made: an image of the registry repository `app/<repository id>`. */
export interface BuiltImage {
  digest: string;
  commit: string;
  processTypes: ProcessType[];
  healthcheck: Healthcheck | null;
  /** { stack, runtime, buildpack } */
  labels: Record<string, string>;
  sizeBytes: number;
}

/**
 * The last write of a build: its image, and the release that runs it, or `superseded` when something newer was accepted
 * while it ran (then there is no release). Undefined: somebody else moved it (cancelled).
 */
export function finishBuild(
  platform: Platform,
  { buildId, lease, image }: { buildId: string; lease: Lease; image: BuiltImage },
): Promise<{ releaseId: string | null } | undefined> {
  return transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    const build = await tx.build.findUniqueOrThrow({
      where: { id: buildId },
      include: { source: true, release: true },
    });
    if (build.status === 'succeeded') return { releaseId: build.release?.id ?? null }; // its answer got lost
    const app = await lockApp(tx, build.appId);
    const isOver = app.destroyedAt ? 'cancelled' : app.lastAccepted > build.accepted ? 'superseded' : undefined;
    const imageId = await putImage(tx, app.repositoryId, image);
    const buildpack = image.labels.buildpack ?? null;
    const moved = await moveBuild(tx, after, { buildId, to: isOver ?? 'succeeded', imageId, buildpack });
    if (!moved) return undefined;
    if (isOver) return { releaseId: null };
    const release = await createRelease(tx, after, {
      appId: app.id,
      userId: build.userId,
      reason: 'build',
      description: `Deploy ${image.commit.slice(0, 8)}`,
      imageId,
      config: await snapshotConfig(platform, tx, app.id),
      accepted: build.accepted,
      pushId: build.source.pushId,
      buildId,
    });
    return { releaseId: release.id };
  });
}

/** The same source gives the same digest: then it is the same image. */
async function putImage(tx: Tx, repositoryId: string, image: BuiltImage): Promise<string> {
  const { digest, commit, processTypes, healthcheck, labels, sizeBytes } = image;
  const key = { repositoryId, digest, commit };
  const row = await tx.image.upsert({
    where: { repositoryId_digest_commit: key },
    update: {},
    create: { ...key, processTypes, ...(healthcheck ? { healthcheck } : {}), labels, sizeBytes },
    select: { id: true },
  });
  return row.id;
}
