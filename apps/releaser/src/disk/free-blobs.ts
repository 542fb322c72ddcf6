import type { Lease } from '@berth/jobs/lease';
import { beginWindow } from '@berth/platform/registry/begin-window';
import { endWindow } from '@berth/platform/registry/end-window';
import { isWindowOpen } from '@berth/platform/registry/is-window-open';
import type { DiskKeeper } from './disk-keeper.js';
import { readManifests } from './read-manifests.js';

interface Window {
  collectionId: string;
  lease: Lease;
  signal: AbortSignal;
  /** Manifests went whose blobs nobody here can see. */
  isWorthIt: boolean;
}

/**
 * The registry's window: pushes wait, the collector removes the blobs that no manifest refers to, pulls go on. Not opened when
 * there is none. It is ended only by who knows that the collector has ended.
 */
export async function freeBlobs(keeper: DiskKeeper, { collectionId, lease, signal, isWorthIt }: Window): Promise<void> {
  const { platform, engine, logger } = keeper;
  const isLeft = await isWindowOpen(platform, { collectionId });
  if (!isLeft && !isWorthIt && !(await hasLooseBlobs(keeper))) return;
  await beginWindow(platform, { collectionId, lease, signal });
  const { exitCode, message } = await engine.collectRegistry();
  const windowMs = await endWindow(platform, { collectionId });
  logger.info({ collectionId, windowMs }, 'registry collected');
  if (exitCode !== 0) throw new Error(`The registry's collector ended with ${exitCode}: ${message}`);
}

async function hasLooseBlobs({ engine, registry }: DiskKeeper): Promise<boolean> {
  const { registry: volume } = await engine.measureDisk({ cacheKeys: [] });
  if (!volume) return false;
  const manifests = await readManifests(registry, volume);
  const referred = new Set(manifests.flatMap((one) => [one.digest, ...one.blobs.map(({ digest }) => digest)]));
  return volume.blobs.some(({ digest }) => !referred.has(digest));
}
