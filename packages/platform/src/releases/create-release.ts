import type { Tx } from '@berth/db/client';
import type { ReleaseReason } from '@berth/db/generated/client';
import { sectionsOf } from '@berth/domain/run-settings';
import { addJob } from '@berth/jobs/outbox';
import { addEvent } from '../events/add-event.js';
import type { AfterCommit } from '../platform.js';
import { moveRelease } from './move-release.js';

export interface NewRelease {
  appId: string;
  userId: string;
  reason: ReleaseReason;
  description: string;
  imageId: string | null;
  /** Sealed. */
  config: string;
  accepted: number;
  pushId?: string | null;
  buildId?: string;
}

/**
 * Makes version n+1 and its job; the caller holds the app's lock. Older releases that wait are superseded.
 * Without an image (a config change before the first push) there is nothing to run: it succeeds at once.
 */
export async function createRelease(tx: Tx, after: AfterCommit, input: NewRelease) {
  const { appId, userId, reason, description, imageId, config, accepted, pushId = null, buildId = null } = input;
  const app = await tx.app.update({
    where: { id: appId },
    data: { lastVersion: { increment: 1 } },
    select: {
      lastVersion: true,
      environment: { select: { registry: true, kind: true, name: true, base: { select: { name: true } } } },
    },
  });
  const { lastVersion: version } = app;
  const { registry } = app.environment;
  const waiting = await tx.release.findMany({ where: { appId, status: 'pending' }, select: { id: true } });
  const ownConfig = await tx.configVar.findMany({
    where: { appId },
    select: { key: true, value: true, isSecret: true, isReference: true },
  });
  const release = await tx.release.create({
    data: {
      appId,
      version,
      userId,
      reason,
      registry,
      description,
      imageId,
      config,
      ownConfig,
      sections: sectionsOf(app.environment),
      accepted,
      pushId,
      buildId,
    },
  });
  // After it is there: a promotion whose image it takes over goes on with it.
  for (const { id } of waiting) await moveRelease(tx, after, { releaseId: id, to: 'superseded' });
  const data = { version, description };
  await addEvent(tx, { name: 'release.pending', noun: 'release', nounId: release.id, appId, userId, data });
  if (imageId) {
    after.jobs.push(await addJob(tx, 'release.run', { appId, releaseId: release.id }));
  } else {
    await moveRelease(tx, after, { releaseId: release.id, to: 'succeeded' });
    await tx.app.update({ where: { id: appId }, data: { currentReleaseId: release.id } });
  }
  after.wake.push(`app:${appId}`);
  const { email } = await tx.user.findUniqueOrThrow({ where: { id: userId }, select: { email: true } });
  after.lines.push({ appId, process: 'api', text: `Release v${version} created by user ${email}: ${description}` });
  return release;
}
