import type { Tx } from '@berth/db/client';
import { notFound, UserError } from '@berth/domain/errors';
import { keptReleasesOf } from '@berth/domain/plan-retention';
import type { Actor } from '../actor.js';
import { getAppToDeploy } from '../auth/get-app-to-deploy.js';
import { lockApp } from '../lock-app.js';
import { type Platform, transaction } from '../platform.js';
import { cancelOpenPromotions } from '../promotion-moves/cancel-open-promotions.js';
import { createRelease } from './create-release.js';
import { ownConfig } from './own-config.js';
import { snapshotConfig } from './snapshot-config.js';

/**
 * A new release with an older one's image; the app's own config vars become what they were then, quantities stay. What comes
 * from elsewhere (team, environment, other apps, add-ons) is as it is now: an old password opens nothing.
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
    await cancelOpenPromotions(tx, after, { appId, onlyTo: true, why: 'the app was rolled back meanwhile' });
    const target = await findTarget(tx, { appId, keptReleases: keptReleasesOf(environment) }, version);
    await restoreConfigVars(platform, tx, appId, target);
    const { lastAccepted } = await tx.app.update({ where: { id: appId }, data: { lastAccepted: { increment: 1 } } });
    const release = await createRelease(tx, after, {
      appId,
      userId: actor.userId,
      reason: 'rollback',
      description: `Rollback to v${version}`,
      imageId: target.imageId,
      config: await snapshotConfig(platform, tx, appId),
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

/** Releases of before there were layers have only the whole, which was the app's own then. */
async function restoreConfigVars(
  { secrets }: Platform,
  tx: Tx,
  appId: string,
  release: { config: string; ownConfig: unknown },
): Promise<void> {
  const whole = JSON.parse(secrets.open(release.config)) as Record<string, string>;
  const rows =
    ownConfig.parse(release.ownConfig) ??
    Object.entries(whole).map(([key, value]) => ({ key, value: secrets.seal(value) }));
  await tx.configVar.deleteMany({ where: { appId } });
  await tx.configVar.createMany({ data: rows.map((row) => ({ appId, ...row })) });
}
