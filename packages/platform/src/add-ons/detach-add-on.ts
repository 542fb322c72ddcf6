import { notFound } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { getAppToDeploy } from '../auth/get-app-to-deploy.js';
import { lockApp } from '../lock-app.js';
import { type Platform, transaction } from '../platform.js';
import { type AttachmentView, toAddOnView } from './add-on-view.js';
import { findAddOnFor } from './find-add-on-for.js';
import { releaseAttachments } from './release-attachments.js';

/** Takes an attachment's config var away from its app; the add-on and its data stay. `attachment`: its id. */
export function detachAddOn(
  platform: Platform,
  { actor, attachment: id }: { actor: Actor; attachment: string },
): Promise<AttachmentView> {
  return transaction(platform, async (tx, after) => {
    const row = await tx.attachment.findUnique({ where: { id } });
    if (!row) throw notFound('add_on attachment', id);
    await getAppToDeploy(tx, { actor, app: row.appId, right: 'add-on.create' });
    const app = await lockApp(tx, row.appId);
    const addOn = await findAddOnFor(tx, { actor, addOn: row.addOnId, right: 'app.view' });
    const view = toAddOnView(addOn).attachments.find((one) => one.id === id);
    const { count } = await tx.attachment.deleteMany({ where: { id } });
    if (!view || count === 0) throw notFound('add_on attachment', id);
    const description = `Detach ${row.name} (${addOn.name})`;
    await releaseAttachments(platform, tx, after, { app, userId: actor.userId, description });
    return view;
  });
}
