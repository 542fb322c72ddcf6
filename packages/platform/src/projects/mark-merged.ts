import { type Platform, transaction } from '../platform.js';
import { markProjectDestroyed } from './mark-project-destroyed.js';

/**
 * The pipeline's main contains what this service's branch has. When that holds for each branch of its environment that was
 * ahead of main, the environment is destroyed. True: it is.
 */
export function markMerged(platform: Platform, { appId, wish }: { appId: string; wish: number }): Promise<boolean> {
  return transaction(platform, async (tx, after) => {
    const app = await tx.app.findUnique({ where: { id: appId }, select: { environmentId: true } });
    if (!app) return false;
    const { environmentId } = app;
    await tx.$queryRaw`SELECT 1 FROM "Environment" WHERE "id" = ${environmentId} FOR NO KEY UPDATE`;
    await tx.projectService.updateMany({ where: { appId, wish, mergedAt: null }, data: { mergedAt: new Date() } });
    const environment = await tx.environment.findFirst({
      where: { id: environmentId, destroyedAt: null, untilMerged: true },
      include: { apps: { where: { destroyedAt: null }, include: { projectService: true } } },
    });
    const ahead = (environment?.apps ?? []).flatMap(({ projectService: row }) =>
      row?.branch && row.isAhead ? [row] : [],
    );
    if (ahead.length === 0 || ahead.some(({ mergedAt }) => mergedAt === null)) return false;
    await markProjectDestroyed(tx, after, { environmentId, userId: undefined, why: 'its branches are merged' });
    return true;
  });
}
