import type { Tx } from '@berth/db/client';
import type { Build, ProjectService } from '@berth/db/generated/client';
import { assertLease, type Lease } from '@berth/jobs/lease';
import { addJob } from '@berth/jobs/outbox';
import { type AfterCommit, type Platform, transaction } from '../platform.js';
import { findCommit } from './find-commit.js';
import { followNewest } from './follow-newest.js';
import { lockRepository } from './lock-repository.js';
import { moveService } from './move-service.js';
import { releaseImage } from './release-image.js';

interface Open extends ProjectService {
  app: { repositoryId: string };
}

/**
 * Takes each service of a project environment as far as its build and its release are: run again at any time it changes
 * nothing more. Returns the apps whose services are still under way; undefined: the environment is gone.
 */
export async function settleServices(
  platform: Platform,
  { environmentId, lease }: { environmentId: string; lease: Lease },
): Promise<string[] | undefined> {
  const { db } = platform;
  if (!(await db.environment.findFirst({ where: { id: environmentId, destroyedAt: null } }))) return undefined;
  const readOpen = () =>
    db.projectService.findMany({
      where: {
        app: { environmentId, destroyedAt: null },
        status: { in: ['pending', 'building', 'starting'] },
      },
      select: { appId: true, status: true },
      orderBy: { appId: 'asc' },
    });
  for (const { appId, status } of await readOpen()) if (status !== 'pending') await settleOne(platform, appId, lease);
  return (await readOpen()).map(({ appId }) => appId);
}

/** One transaction for each: they have a repository each, and one that must be tried again holds up no other. */
function settleOne(platform: Platform, appId: string, lease: Lease): Promise<void> {
  return transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    const found = await tx.app.findFirst({ where: { id: appId, destroyedAt: null }, select: { repositoryId: true } });
    if (!found) return;
    await lockRepository(tx, found.repositoryId);
    const service = await tx.projectService.findUnique({
      where: { appId },
      include: { app: { select: { repositoryId: true } } },
    });
    if (service?.status === 'building') await settleBuild(platform, tx, after, service);
    if (service?.status === 'starting') await settleRelease(tx, after, service);
  });
}

async function settleBuild(platform: Platform, tx: Tx, after: AfterCommit, service: Open): Promise<void> {
  const { appId, wish, buildId } = service;
  const build =
    buildId === null ? null : await tx.build.findUnique({ where: { id: buildId }, include: { release: true } });
  if (build?.status === 'pending' || build?.status === 'running') return;
  if (build?.status === 'failed') {
    const errorMessage = build.errorMessage ?? 'The build failed.';
    await moveService(tx, after, { appId, wish, to: 'failed', errorMessage });
  } else if (build?.appId === appId) await settleOwnBuild(tx, after, service, build);
  else await lookAgain(platform, tx, after, service);
}

/** A build of the app's own has made its release with its image. */
async function settleOwnBuild(
  tx: Tx,
  after: AfterCommit,
  { appId, wish }: Open,
  build: Build & { release: { id: string } | null },
): Promise<void> {
  if (build.release)
    return void (await moveService(tx, after, { appId, wish, to: 'starting', releaseId: build.release.id }));
  if (build.status === 'superseded') return followNewest(tx, after, { appId, wish });
  await moveService(tx, after, { appId, wish, to: 'failed', errorMessage: `The build was ${build.status}.` });
}

/** Another app's build is over, or gone with its app: what it made is released, else the commit is built here. */
async function lookAgain(platform: Platform, tx: Tx, after: AfterCommit, service: Open): Promise<void> {
  const { appId, wish, commit, app } = service;
  const found = commit ? await findCommit(tx, { repositoryId: app.repositoryId, commit }) : undefined;
  if (found?.kind === 'image') await releaseImage(platform, tx, after, { appId, wish, imageId: found.imageId });
  else if (found) await moveService(tx, after, { appId, wish, to: 'building', buildId: found.buildId });
  else if (await moveService(tx, after, { appId, wish, to: 'pending', buildId: null }))
    after.jobs.push(await addJob(tx, 'source.make', { appId }));
}

async function settleRelease(tx: Tx, after: AfterCommit, { appId, wish, releaseId }: Open): Promise<void> {
  const release = releaseId === null ? null : await tx.release.findUnique({ where: { id: releaseId } });
  if (release?.status === 'pending' || release?.status === 'running') return;
  if (release?.status === 'succeeded') await moveService(tx, after, { appId, wish, to: 'ready' });
  else if (release?.status === 'superseded') await followNewest(tx, after, { appId, wish });
  else {
    const errorMessage = release?.errorMessage ?? 'The release was cancelled.';
    await moveService(tx, after, { appId, wish, to: 'failed', errorMessage });
  }
}
