import type { Tx } from '@berth/db/client';
import { UserError } from '@berth/domain/errors';
import { describeRebase, rebaseChanges } from '@berth/domain/rebase';
import { assertLease, type Lease } from '@berth/jobs/lease';
import { getAppFor } from '../auth/get-app-for.js';
import { whyNoDeploy } from '../auth/get-app-to-deploy.js';
import { lockApp } from '../lock-app.js';
import { type Platform, transaction } from '../platform.js';
import { createRelease } from '../releases/create-release.js';
import { findNewest } from '../releases/is-superseded.js';
import { type RebaseImage, toRebaseImage } from './list-candidates.js';
import { moveRebaseApp } from './move-rebase-app.js';

const noRight = 'Who started the rebase may not release this app any more.';

/**
 * Makes the release of one app of a rebase: the moved image with the config vars of the release that it is made of. As a
 * config change it takes over the push of a deploy that is under way (DESIGN section 6), and supersedes no later one. The right of
 * who started the rebase, and the environment's policy, are looked up again: waves take hours when somebody wants them to.
 * Returns another image when something newer was released meanwhile: that one is to be moved.
 */
export function releaseRebased(
  platform: Platform,
  { rebaseAppId, titles, lease }: { rebaseAppId: string; titles: Record<string, string>; lease: Lease },
): Promise<{ newer: RebaseImage } | undefined> {
  return transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    const { appId } = await tx.rebaseApp.findUniqueOrThrow({ where: { id: rebaseAppId }, select: { appId: true } });
    const app = await lockApp(tx, appId);
    const row = await tx.rebaseApp.findUniqueOrThrow({ where: { id: rebaseAppId }, include: { rebase: true } });
    if (row.status !== 'planned' || row.rebase.status !== 'running') return undefined;
    const newest = app.destroyedAt ? null : await findNewest(tx, appId);
    if (!newest?.imageId) {
      await moveRebaseApp(tx, after, { id: row.id, to: 'skipped', message: 'The app was destroyed.' });
      return undefined;
    }
    const refused = await whyNoRebase(tx, { appId, userId: row.rebase.userId });
    if (refused) {
      await moveRebaseApp(tx, after, { id: row.id, to: 'skipped', message: refused });
      return undefined;
    }
    if (newest.imageId !== row.fromImageId || !row.toImageId)
      return { newer: toRebaseImage(await tx.image.findUniqueOrThrow({ where: { id: newest.imageId } })) };
    const isInFlight = newest.status !== 'succeeded';
    const release = await createRelease(tx, after, {
      appId,
      userId: row.rebase.userId,
      reason: 'rebase',
      description: describeRebase(rebaseChanges.parse(row.changes), (name) => titles[name] ?? name),
      imageId: row.toImageId,
      config: newest.config,
      accepted: isInFlight ? newest.accepted : app.lastAccepted,
      pushId: isInFlight ? newest.pushId : null,
    });
    await moveRebaseApp(tx, after, { id: row.id, to: 'releasing', releaseId: release.id });
    return undefined;
  });
}

/** The right may be gone, and the environment's policy (a freeze, its windows) counts when the release is made. */
const whyNoRebase = (tx: Tx, { appId, userId }: { appId: string; userId: string }): Promise<string | undefined> =>
  getAppFor(tx, { actor: { userId }, app: appId, right: 'app.rebase' }).then(
    (found) => whyNoDeploy(found),
    (error: unknown) => {
      if (error instanceof UserError) return noRight;
      throw error;
    },
  );
