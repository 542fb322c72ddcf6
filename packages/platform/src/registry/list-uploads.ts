import type { Platform } from '../platform.js';
import { handledUploads } from './mark-upload-handled.js';

/** An app's repository into which somebody may push. */
export interface Upload {
  appId: string;
  repositoryId: string;
  /** Who may, or did last. */
  userId: string;
  /** What was taken up: tag → digest. */
  handled: Record<string, string>;
}

/** Repositories into which somebody was allowed to push lately: something may lie there that no notification told us of. */
export async function listUploads({ db }: Platform): Promise<Upload[]> {
  const rows = await db.imageUpload.findMany({
    where: {
      processType: '',
      app: { destroyedAt: null },
      OR: [{ checkedAt: null }, { checkedAt: { lt: db.imageUpload.fields.checkUntil } }],
    },
    include: { app: { select: { repositoryId: true } } },
  });
  return rows.map(({ appId, userId, handled, app }) => ({
    ...{ appId, userId, repositoryId: app.repositoryId },
    handled: handledUploads.parse(handled),
  }));
}

/** The repository of one app; undefined when nobody was ever allowed to push there. */
export async function findUpload({ db }: Platform, { appId }: { appId: string }): Promise<Upload | undefined> {
  const row = await db.imageUpload.findUnique({
    where: { appId_processType: { appId, processType: '' } },
    include: { app: { select: { repositoryId: true, destroyedAt: true } } },
  });
  if (!row || row.app.destroyedAt) return undefined;
  const { userId, handled, app } = row;
  return { appId, userId, repositoryId: app.repositoryId, handled: handledUploads.parse(handled) };
}

/** Everything that lay there at this time was taken up. */
export async function noteChecked({ db }: Platform, { appId, at }: { appId: string; at: Date }): Promise<void> {
  await db.imageUpload.updateMany({ where: { appId, processType: '' }, data: { checkedAt: at } });
}
