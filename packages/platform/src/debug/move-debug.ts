import type { Tx } from '@berth/db/client';
import { addEvent } from '../events/add-event.js';
import type { AfterCommit } from '../platform.js';
import { addRestart } from '../rollouts/add-restart.js';

/** The only code that switches debug. Off or on for the first time, what runs is started anew; off twice changes nothing. */
export async function moveDebug(
  tx: Tx,
  after: AfterCommit,
  { appId, until, userId }: { appId: string; until: Date | null; userId?: string | undefined },
): Promise<void> {
  const { count } = await tx.app.updateMany({
    where: { id: appId, debugUntil: until ? null : { not: null } },
    data: { debugUntil: until },
  });
  if (count === 0 && !until) return;
  if (count === 0) await tx.app.update({ where: { id: appId }, data: { debugUntil: until } });
  else await addRestart(tx, after, { appId, userId });
  const name = until ? 'app.debug-on' : 'app.debug-off';
  await addEvent(tx, { name, noun: 'app', nounId: appId, appId, userId, data: { until } });
  const why = userId ? '' : ': its time was over';
  after.lines.push({
    appId,
    process: 'api',
    text: until ? `Debug is on until ${until.toISOString()}` : `Debug is off${why}`,
  });
  after.wake.push(`app:${appId}`);
}
