import { findService, parseAttachmentName } from '@berth/domain/add-on-plans';
import { UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { getAppToDeploy } from '../auth/get-app-to-deploy.js';
import { lockApp } from '../lock-app.js';
import { type Platform, transaction } from '../platform.js';
import { type AttachmentView, toAddOnView } from './add-on-view.js';
import { attach } from './attach.js';
import { findAddOnFor } from './find-add-on-for.js';
import { releaseAttachments } from './release-attachments.js';

/** Gives another app of the same team the add-on's address; both then have the same data. */
export function attachAddOn(
  platform: Platform,
  input: { actor: Actor; app: string; addOn: string; name?: string | undefined },
): Promise<AttachmentView> {
  const { actor } = input;
  const as = input.name === undefined ? undefined : parseAttachmentName(input.name);
  return transaction(platform, async (tx, after) => {
    const { id, teamId } = await getAppToDeploy(tx, { actor, app: input.app, right: 'add-on.create' });
    const addOn = await findAddOnFor(tx, { actor, addOn: input.addOn, right: 'app.view-config' });
    if (addOn.teamId !== teamId) throw new UserError('forbidden', 'An add-on is attached within its own team only.');
    if (addOn.mountPath !== null && addOn.app?.id !== id)
      throw new UserError('unsupported', 'A volume is one app’s only: make another one for this app.');
    const app = await lockApp(tx, id);
    const wanted = findService(addOn.service).attachmentName;
    const name = await attach(tx, { app, addOnId: addOn.id, name: as, wanted });
    const description = `Attach ${name} (${addOn.name})`;
    await releaseAttachments(platform, tx, after, { app, userId: actor.userId, description });
    const view = toAddOnView(await findAddOnFor(tx, { actor, addOn: addOn.id, right: 'app.view' }));
    return view.attachments.find((one) => one.app.id === id && one.name === name) as AttachmentView;
  });
}
