import type { Tx } from '@berth/db/client';
import { UserError } from '@berth/domain/errors';

/**
 * One pipeline, one repository: the pipeline takes the app's while nothing was ever in its own, and the app takes the
 * pipeline's while nothing was ever in the app's. Two histories are not joined.
 */
export async function shareRepository(
  tx: Tx,
  {
    app,
    pipeline,
  }: {
    app: { id: string; name: string; repositoryId: string };
    pipeline: { id: string; name: string; repositoryId: string };
  },
): Promise<void> {
  const own = app.repositoryId;
  const shared = pipeline.repositoryId;
  if (own === shared) return;
  const isOthers = await tx.pipeline.findUnique({ where: { repositoryId: own } });
  if (!isOthers && (await isUntouched(tx, shared))) {
    await tx.pipeline.update({ where: { id: pipeline.id }, data: { repositoryId: own } });
    await tx.app.updateMany({ where: { repositoryId: shared }, data: { repositoryId: own } });
    await tx.repository.delete({ where: { id: shared } });
    return;
  }
  if (isOthers || !(await isUntouched(tx, own)))
    throw new UserError(
      'conflict',
      `${app.name} has a history of its own, and ${pipeline.name} has another: a further app of a pipeline must be one that nothing was pushed to.`,
    );
  await tx.app.update({ where: { id: app.id }, data: { repositoryId: shared } });
  if ((await tx.app.count({ where: { repositoryId: own } })) === 0) await tx.repository.delete({ where: { id: own } });
}

/** Nothing was ever pushed to it, by git or as an image. */
async function isUntouched(tx: Tx, repositoryId: string): Promise<boolean> {
  const push = await tx.push.findFirst({ where: { app: { repositoryId } }, select: { id: true } });
  return !push && !(await tx.image.findFirst({ where: { repositoryId }, select: { id: true } }));
}
