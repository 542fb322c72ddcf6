import type { Tx } from '@berth/db/client';
import { notFound, UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import { lockApp } from '../lock-app.js';
import { type Platform, transaction } from '../platform.js';
import { createRelease } from './create-release.js';

/** Releases one may go back to: the newest that succeeded and have an image. */
const keptMax = 20;

/**
 * A new release with an older one's image and config; the app's config vars become that snapshot, quantities stay.
 * It is newer than any push accepted before it. No build is started.
 */
export function rollBack(
  platform: Platform,
  { actor, app: name, version }: { actor: Actor; app: string; version: number },
): Promise<{ id: string; version: number }> {
  return transaction(platform, async (tx, after) => {
    const { id: appId } = await getAppFor(tx, { actor, app: name, right: 'app.roll-back' });
    await lockApp(tx, appId);
    const target = await findTarget(tx, appId, version);
    await restoreConfigVars(platform, tx, appId, JSON.parse(platform.secrets.open(target.config)));
    const { lastAccepted } = await tx.app.update({ where: { id: appId }, data: { lastAccepted: { increment: 1 } } });
    const release = await createRelease(tx, after, {
      appId,
      userId: actor.userId,
      reason: 'rollback',
      description: `Rollback to v${version}`,
      imageId: target.imageId,
      config: target.config,
      accepted: lastAccepted,
    });
    return { id: release.id, version: release.version };
  });
}

async function findTarget(tx: Tx, appId: string, version: number) {
  const kept = await tx.release.findMany({
    where: { appId, status: 'succeeded', imageId: { not: null } },
    orderBy: { version: 'desc' },
    take: keptMax,
  });
  const target = kept.find((release) => release.version === version);
  if (target) return target;
  const known = await tx.release.findFirst({ where: { appId, version } });
  if (!known) throw notFound('release', `v${version}`);
  const why =
    known.status === 'succeeded'
      ? known.imageId
        ? `only the newest ${keptMax} are kept`
        : 'it has no image'
      : `it was not live (${known.status})`;
  throw new UserError('invalid_params', `Cannot roll back to v${version}: ${why}.`);
}

async function restoreConfigVars(platform: Platform, tx: Tx, appId: string, vars: Record<string, string>) {
  await tx.configVar.deleteMany({ where: { appId } });
  await tx.configVar.createMany({
    data: Object.entries(vars).map(([key, value]) => ({ appId, key, value: platform.secrets.seal(value) })),
  });
}
