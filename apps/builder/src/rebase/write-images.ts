import { TransientError } from '@berth/domain/errors';
import { MissingBlobError } from '@berth/images/push-image';
import { rebaseImage } from '@berth/images/rebase-image';
import { listPlanned, type PlannedRow } from '@berth/platform/rebases/list-planned';
import { putRebasedImage } from '@berth/platform/rebases/put-rebased-image';
import { replanApp } from '@berth/platform/rebases/replan-app';
import { imageRepository } from '../repositories.js';
import { toOutcome } from './plan-apps.js';
import { forEachApp, type RunningRebase } from './running-rebase.js';

/** Moves the images of all apps that are planned and not written yet. */
export async function writeImages(rebase: RunningRebase): Promise<void> {
  const rows = await listPlanned(rebase.builder.platform, { rebaseId: rebase.work.id });
  await forEachApp(
    rows.filter(({ isWritten }) => !isWritten),
    rebase.context,
    (row) => writeImage(rebase, row),
  );
}

/** Moves one image; when what it is to lie on has changed since the plan, the newer plan is what counts. */
export async function writeImage({ builder, context, planOf }: RunningRebase, row: PlannedRow): Promise<void> {
  const { platform, registry } = builder;
  const { lease } = context;
  const decided = await planOf(row.image);
  if (decided.kind !== 'move') {
    await replanApp(platform, { rebaseAppId: row.id, imageId: row.image.id, outcome: toOutcome(decided), lease });
    return;
  }
  const { plan, labels, changes } = decided;
  const repository = imageRepository(row.image.repositoryId);
  const tag = tagOf(row.image.commit, [labels.stackDigest, labels.runtimeDigest]);
  // The row is part of the push: once it is over a collection may look at what is needed.
  const move = async () => {
    const moved = await rebaseImage(registry, { repository, tag, plan }).catch((error) => {
      if (error instanceof MissingBlobError) throw new TransientError(error.message, { cause: error });
      throw error;
    });
    const image = { digest: moved.digest, sizeBytes: moved.sizeBytes, labels };
    await putRebasedImage(platform, { rebaseAppId: row.id, image, changes, lease });
  };
  await registry.asPush(repository, move, context.signal);
}

/** The commit, and what it lies on. */
const tagOf = (commit: string, digests: readonly (string | undefined)[]): string =>
  [commit, ...digests.map((digest) => (digest ?? '').slice('sha256:'.length).slice(0, 12))].join('-');
