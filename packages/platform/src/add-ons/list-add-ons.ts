import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import type { Platform } from '../platform.js';
import { type AddOnView, addOnInclude, toAddOnView } from './add-on-view.js';

export type { AddOnView, AttachmentView } from './add-on-view.js';

/** The add-ons of the actor's teams by name; with `app` those that go with it or are attached to it. */
export async function listAddOns(
  platform: Platform,
  { actor, app: name }: { actor: Actor; app?: string | undefined },
): Promise<AddOnView[]> {
  const app = name === undefined ? undefined : await getAppFor(platform.db, { actor, app: name, right: 'app.view' });
  const rows = await platform.db.addOn.findMany({
    where: {
      status: { not: 'deprovisioning' },
      team: { memberships: { some: { userId: actor.userId } } },
      ...(app ? { OR: [{ appId: app.id }, { attachments: { some: { appId: app.id } } }] } : {}),
    },
    include: addOnInclude,
    orderBy: { name: 'asc' },
  });
  return rows.map(toAddOnView);
}
