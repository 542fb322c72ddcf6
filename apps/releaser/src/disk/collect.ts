import type { LedgerEntry } from '@berth/domain/disk-ledger';
import { TransientError, UserError } from '@berth/domain/errors';
import type { JobContext } from '@berth/jobs/work';
import { failCollection } from '@berth/platform/collections/fail-collection';
import { finishCollection } from '@berth/platform/collections/finish-collection';
import { forgetHistory } from '@berth/platform/collections/forget-history';
import { startCollection } from '@berth/platform/collections/start-collection';
import { saveLedger } from '@berth/platform/disk/save-ledger';
import { isWindowOpen } from '@berth/platform/registry/is-window-open';
import { deleteByRows } from './delete-by-rows.js';
import { deleteManifests } from './delete-manifests.js';
import type { DiskKeeper } from './disk-keeper.js';
import { freeBlobs } from './free-blobs.js';
import { removeFromHost } from './remove-from-host.js';
import { type Survey, survey } from './survey.js';

/** The workflow of one collection. A run after a kill -9 at any line looks anew and comes to the same end. */
export async function collect(
  keeper: DiskKeeper,
  { collectionId }: { collectionId: string },
  context: JobContext,
): Promise<void> {
  const { platform } = keeper;
  const { lease, signal } = context;
  try {
    const collection = await startCollection(platform, { collectionId, lease });
    if (!collection) return;
    const { teamId } = collection;
    const before = await survey(keeper, { teamId });
    const items = itemsOf(before);
    if (collection.dryRun) {
      const freedBytes = before.ledger.reclaimableBytes;
      return await finishCollection(platform, { collectionId, lease, items, freedBytes });
    }
    let deleted = 0;
    if (before.host.registry) await deleteManifests(keeper, before, lease);
    else deleted = await deleteByRows(keeper, before, { lease, teamId });
    await removeFromHost(keeper, before);
    if (teamId === null) await forgetHistory(platform);
    signal.throwIfAborted();
    await freeBlobs(keeper, { collectionId, lease, signal, isWorthIt: deleted > 0 });
    const after = await survey(keeper);
    reportMissing(keeper, after);
    await saveLedger(platform, { ledger: after.ledger });
    await finishCollection(platform, { collectionId, lease, items, freedBytes: freedBetween(before, after) });
  } catch (error) {
    // Pushes wait until somebody knows that the registry's collector has ended: this job comes again until it does.
    if (await isWindowOpen(platform, { collectionId }))
      throw new TransientError(`the registry's window is still open: ${String(error)}`, { cause: error });
    if (!(error instanceof UserError || context.isLastAttempt(error))) throw error; // UserError: its time was over
    keeper.logger.error({ err: error, collectionId }, 'collection');
    await failCollection(platform, { collectionId, lease, message: 'It failed on our side; the next one goes on.' });
  }
}

const itemsMax = 500;

const itemsOf = ({ ledger }: Survey) =>
  ledger.entries
    .filter(({ isOver }) => isOver)
    .slice(0, itemsMax)
    .map(({ kind, name, team, app, bytes }: LedgerEntry) => ({ kind, name, team, app, bytes }));

/** What was there before and is not any more; what came meanwhile does not count. */
function freedBetween(before: Survey, after: Survey): number {
  const gone = <T>(was: readonly T[], is: readonly T[], idOf: (one: T) => string, bytesOf: (one: T) => number) => {
    const left = new Set(is.map(idOf));
    const once = new Map(was.map((one) => [idOf(one), bytesOf(one)]));
    return [...once].reduce((sum, [id, bytes]) => (left.has(id) ? sum : sum + bytes), 0);
  };
  const layersOf = ({ host }: Survey) => host.images.flatMap(({ layers }) => layers);
  return (
    gone(
      before.host.registry?.blobs ?? [],
      after.host.registry?.blobs ?? [],
      ({ digest }) => digest,
      ({ bytes }) => bytes,
    ) +
    gone(
      layersOf(before),
      layersOf(after),
      ({ id }) => id,
      ({ bytes }) => bytes,
    ) +
    gone(
      before.overCaches,
      after.host.disks,
      ({ name }) => name,
      ({ bytes }) => bytes,
    )
  );
}

/** A manifest that stays and lacks a blob would be a fault of this code: it is looked for each time. */
function reportMissing({ logger }: DiskKeeper, { host, manifests, over }: Survey): void {
  if (!host.registry) return;
  const there = new Set(host.registry.blobs.map(({ digest }) => digest));
  for (const one of manifests) {
    const missing = one.blobs.filter(({ digest }) => !there.has(digest));
    if (missing.length > 0 && !over.has(one))
      logger.error({ repository: one.repository, digest: one.digest, missing }, 'blobs of a kept manifest are missing');
  }
}
