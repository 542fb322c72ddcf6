import type { Tx } from '@berth/db/client';
import { addJob } from '@berth/jobs/outbox';
import { moveBuild } from '../builds/move-build.js';
import { addEvent } from '../events/add-event.js';
import type { AfterCommit } from '../platform.js';
import { cancelOpenPromotions } from '../promotion-moves/cancel-open-promotions.js';

/** The archive of a commit, as apps/git has stored it in the registry. */
export interface NewSource {
  commit: string;
  message: string;
  /** It and the commits before it, domain/commit-history. */
  history?: string;
  digest: string;
  sizeBytes: number;
}

/**
 * The source of an accepted push and its pending build, newer than all that the app accepted before; builds of the app that
 * wait are superseded, promotions to it that made no release yet end. The caller holds the app's lock. Returns the build's id.
 */
export async function addBuild(
  tx: Tx,
  after: AfterCommit,
  { userId, appId, pushId, source }: { userId: string; appId: string; pushId: string; source: NewSource },
): Promise<string> {
  const { lastAccepted } = await tx.app.update({
    where: { id: appId },
    data: { lastAccepted: { increment: 1 } },
    select: { lastAccepted: true },
  });
  const waiting = await tx.build.findMany({ where: { appId, status: 'pending' }, select: { id: true } });
  for (const { id } of waiting) await moveBuild(tx, after, { buildId: id, to: 'superseded' });
  await cancelOpenPromotions(tx, after, { appId, onlyTo: true, why: 'something newer was pushed to the app' });
  const { commit, message, history = '', digest, sizeBytes } = source;
  const { id: sourceId } = await tx.source.create({ data: { commit, message, history, digest, sizeBytes, pushId } });
  const build = await tx.build.create({ data: { appId, sourceId, userId, accepted: lastAccepted } });
  await addEvent(tx, { name: 'build.pending', noun: 'build', nounId: build.id, appId, userId });
  after.jobs.push(await addJob(tx, 'build.run', { appId, buildId: build.id }));
  const { email } = await tx.user.findUniqueOrThrow({ where: { id: userId }, select: { email: true } });
  after.lines.push({ appId, process: 'api', text: `Build started by user ${email}: ${commit.slice(0, 8)}` });
  return build.id;
}
