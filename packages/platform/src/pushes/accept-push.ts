import type { Tx } from '@berth/db/client';
import { UserError } from '@berth/domain/errors';
import { branchOf } from '@berth/domain/names';
import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import { whyNoPush } from '../auth/get-app-to-deploy.js';
import { addEvent } from '../events/add-event.js';
import { lockApp } from '../lock-app.js';
import { type AfterCommit, type Platform, transaction } from '../platform.js';
import { requireQuota } from '../quotas/require-quota.js';
import { addBuild, type NewSource } from './add-build.js';
import { classifyLocked } from './classify-push.js';

export interface AcceptedPush {
  actor: Actor;
  appId: string;
  ref: string;
  oldSha: string;
  newSha: string;
  /** The archive of the commit; null for a ref that is not built. */
  source: NewSource | null;
}

/**
 * Takes one ref update: push, and for the deploy branch source, pending build and its job, in one transaction.
 * Builds of the app that wait are superseded. Any other ref is wanted at once.
 */
export function acceptPush(
  platform: Platform,
  input: AcceptedPush,
): Promise<{ pushId: string; buildId: string | null }> {
  const { actor, appId, ref, oldSha, newSha, source } = input;
  return transaction(platform, async (tx, after) => {
    const app = await getAppFor(tx, { actor, app: appId, right: 'app.push' });
    const diskMiB = (source?.sizeBytes ?? 0) / (1024 * 1024);
    await requireQuota(tx, { teamId: app.teamId, environmentId: app.environmentId, adds: { diskMiB } });
    await lockApp(tx, appId);
    const kind = await classifyLocked(tx, appId, ref, newSha);
    if (kind.kind === 'reject') throw new UserError('invalid_params', kind.message);
    const isBuilt = kind.kind === 'build';
    const why = isBuilt ? await whyNoPush(tx, app) : undefined;
    if (why) throw new UserError('forbidden', why);
    if (isBuilt && !source) throw new UserError('conflict', 'The deploy branch was changed meanwhile; push again.');
    const push = await tx.push.create({
      data: { appId, userId: actor.userId, ref, oldSha, newSha, refWanted: !isBuilt },
    });
    const data = { ref, newSha };
    await addEvent(tx, { name: 'push.accepted', noun: 'push', nounId: push.id, appId, userId: actor.userId, data });
    after.wake.push(`app:${appId}`);
    if (!isBuilt || !source) return { pushId: push.id, buildId: null };
    return { pushId: push.id, buildId: await createBuild(tx, after, { ...input, source, pushId: push.id }) };
  });
}

async function createBuild(
  tx: Tx,
  after: AfterCommit,
  input: AcceptedPush & { source: NewSource; pushId: string },
): Promise<string> {
  const { actor, appId, ref, source, pushId } = input;
  const buildId = await addBuild(tx, after, { userId: actor.userId, appId, pushId, source });
  const branch = branchOf(ref);
  if (branch) await tx.app.updateMany({ where: { id: appId, deployBranch: null }, data: { deployBranch: branch } });
  return buildId;
}
