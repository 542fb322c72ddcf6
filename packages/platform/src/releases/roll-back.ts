import type { Tx } from '@berth/db/client';
import { notFound, UserError } from '@berth/domain/errors';
import { keptReleasesOf } from '@berth/domain/plan-retention';
import type { Actor } from '../actor.js';
import { getAppToDeploy } from '../auth/get-app-to-deploy.js';
import { lockApp } from '../lock-app.js';
import { type Platform, transaction } from '../platform.js';
import { createRelease } from './create-release.js';

/**
 * A new release with an older one's image and config; the app's config vars become that snapshot, quantities stay.
 * It is newer than any push accepted before it. No build is started.
 */
export function rollBack(
  platform: Platform,
  { actor, app: name, version }: { actor: Actor; app: string; version: number },
): Promise<{ id: string; version: number }> {
  return transaction(platform, async (tx, after) => {
    const { id: appId, environment } = await getAppToDeploy(tx, {
      ...{ actor, app: name, right: 'app.roll-back' },
      isRollback: true,
    });
    await lockApp(tx, appId);
    const target = await findTarget(tx, { appId, keptReleases: keptReleasesOf(environment) }, version);
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

async function findTarget(tx: Tx, { appId, keptReleases }: { appId: string; keptReleases: number }, version: number) {
  const release = await tx.release.findFirst({
    where: { appId, version },
    include: { image: { select: { collectedAt: true } } },
  });
  if (!release) throw notFound('release', `v${version}`);
  const refuse = (why: string) => new UserError('invalid_params', `Cannot roll back to v${version}: ${why}.`);
  if (release.status !== 'succeeded') throw refuse(`it was not live (${release.status})`);
  if (!release.image) throw refuse('it has no image');
  if (release.image.collectedAt)
    throw refuse(`its image is gone (those of the newest ${keptReleases} releases are kept)`);
  return release;
}

async function restoreConfigVars(platform: Platform, tx: Tx, appId: string, vars: Record<string, string>) {
  await tx.configVar.deleteMany({ where: { appId } });
  await tx.configVar.createMany({
    data: Object.entries(vars).map(([key, value]) => ({ appId, key, value: platform.secrets.seal(value) })),
  });
}
