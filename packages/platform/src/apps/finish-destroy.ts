import { assertLease, type Lease } from '@berth/jobs/lease';
import { dropLines } from '@berth/logs/log-stream';
import { type Platform, transaction } from '../platform.js';

/** All containers of a destroyed app are gone: so are its rows, its log, and its repository when nothing else has it. */
export async function finishDestroy(
  platform: Platform,
  { appId, lease }: { appId: string; lease: Lease },
): Promise<void> {
  await transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    const app = await tx.app.findFirst({ where: { id: appId, destroyedAt: { not: null } } });
    if (!app) return;
    await tx.app.delete({ where: { id: appId } });
    const { repositoryId } = app;
    const isShared = (await tx.app.count({ where: { repositoryId } })) > 0;
    if (!isShared && !(await tx.pipeline.findUnique({ where: { repositoryId } }))) {
      await tx.image.deleteMany({ where: { repositoryId } });
      await tx.repository.delete({ where: { id: repositoryId } });
    }
    after.wake.push('routes', 'instances');
  });
  await dropLines(platform.redis, platform.instance, appId);
}
