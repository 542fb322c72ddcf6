import type { Tx } from '@berth/db/client';
import { planExpiry } from '@berth/domain/project-environment';
import { addEvent } from '../events/add-event.js';
import { type AfterCommit, type Platform, transaction } from '../platform.js';
import { markProjectDestroyed } from './mark-project-destroyed.js';

/**
 * Destroys the project environments whose time is over at `now`, and warns of those whose time is nearly over. One that
 * fails keeps no other from it: what they threw is thrown together at the end (AggregateError).
 */
export async function expireProjects(
  platform: Platform,
  { now }: { now: Date },
): Promise<{ warned: string[]; destroyed: string[] }> {
  const rows = await platform.db.environment.findMany({
    where: { kind: 'project', destroyedAt: null, expiresAt: { not: null } },
    select: { id: true, createdAt: true, expiresAt: true, warnedAt: true },
  });
  const done: { warned: string[]; destroyed: string[] } = { warned: [], destroyed: [] };
  const errors: unknown[] = [];
  for (const { id } of rows.filter((row) => planExpiry(row, now) !== 'stays')) {
    const due = await expireOne(platform, id, now).catch((error: unknown) => void errors.push(error));
    if (due === 'warn') done.warned.push(id);
    if (due === 'destroy') done.destroyed.push(id);
  }
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} environments could not be expired`);
  return done;
}

/** Looks again under the lock: it may have been extended, warned of or destroyed meanwhile. */
function expireOne(platform: Platform, environmentId: string, now: Date) {
  return transaction(platform, async (tx, after) => {
    await tx.$queryRaw`SELECT 1 FROM "Environment" WHERE "id" = ${environmentId} FOR NO KEY UPDATE`;
    const row = await tx.environment.findFirst({ where: { id: environmentId, destroyedAt: null } });
    const due = row ? planExpiry(row, now) : 'stays';
    if (due === 'destroy')
      await markProjectDestroyed(tx, after, { environmentId, userId: undefined, why: 'its time was over' });
    if (due === 'warn') await warn(tx, after, environmentId, now);
    return due;
  });
}

/** An event, a line in its apps' logs, and `warnedAt`, by which its pages, `berth` and pushes to its apps say so. */
async function warn(tx: Tx, after: AfterCommit, environmentId: string, now: Date): Promise<void> {
  const { name, teamId, expiresAt, apps } = await tx.environment.update({
    where: { id: environmentId },
    data: { warnedAt: now },
    include: { apps: { where: { destroyedAt: null }, select: { id: true } } },
  });
  const at = expiresAt?.toISOString();
  await addEvent(tx, {
    ...{ name: 'environment.expires-soon', noun: 'environment', nounId: environmentId, teamId },
    data: { name, expiresAt: at },
  });
  const text = `Environment ${name} is destroyed at ${at}, unless somebody extends it`;
  for (const { id: appId } of apps) after.lines.push({ appId, process: 'api', text });
  after.wake.push(`environment:${environmentId}`);
}
