import type { DiskKeeper } from './disk-keeper.js';
import type { Survey } from './survey.js';

/** Pulled images and cache disks that are over. The engine refuses what a container or a build has taken meanwhile. */
export async function removeFromHost({ engine }: DiskKeeper, { overImages, overCaches }: Survey): Promise<void> {
  for (const { repository, digest, registry = 'dev' } of overImages)
    await engine.removeImage({ repository, digest, registry });
  for (const { name } of overCaches) await engine.removeCache(name);
}
