import { type Platform, transaction } from '../platform.js';
import { moveDebug } from './move-debug.js';

/** Switches off what was on until `now`. One that fails keeps no other from it: what they threw is thrown together (AggregateError). */
export async function expireDebugs(platform: Platform, { now }: { now: Date }): Promise<void> {
  const due = await platform.db.app.findMany({
    where: { debugUntil: { lte: now }, destroyedAt: null },
    select: { id: true },
  });
  const errors: unknown[] = [];
  for (const { id: appId } of due)
    await transaction(platform, async (tx, after) => {
      await tx.$queryRaw`SELECT 1 FROM "App" WHERE "id" = ${appId} FOR NO KEY UPDATE`; // it may have been switched on again
      const isDue = await tx.app.count({ where: { id: appId, debugUntil: { lte: now } } });
      if (isDue > 0) await moveDebug(tx, after, { appId, until: null });
    }).catch((error: unknown) => void errors.push(error));
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} apps could not be taken out of debug`);
}
