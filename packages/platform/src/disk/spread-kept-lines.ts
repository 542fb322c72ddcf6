import { usualKeptLines } from '@berth/domain/retention-bounds';
import { setKeptLines } from '@berth/logs/log-stream';
import type { Platform } from '../platform.js';

/**
 * Tells those who write log lines how many their app's environment keeps. It is told anew each minute, so that it also holds for an app
 * that was made or moved meanwhile, and after Redis was emptied.
 */
export async function spreadKeptLines({ db, redis, instance }: Platform): Promise<void> {
  const apps = await db.app.findMany({
    where: { destroyedAt: null, environment: { keptLines: { not: usualKeptLines } } },
    select: { id: true, environment: { select: { keptLines: true } } },
  });
  await setKeptLines(redis, instance, new Map(apps.map(({ id, environment }) => [id, environment.keptLines])));
}
