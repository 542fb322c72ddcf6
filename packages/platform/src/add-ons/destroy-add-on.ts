import type { Actor } from '../actor.js';
import { type Platform, transaction } from '../platform.js';
import { type AddOnView, toAddOnView } from './add-on-view.js';
import { checkPolicyOfAttached } from './check-policy-of-attached.js';
import { findAddOnFor } from './find-add-on-for.js';
import { markAddOnDestroyed } from './mark-add-on-destroyed.js';

/** The add-on and its data go for good. Returns what it was. */
export function destroyAddOn(
  platform: Platform,
  { actor, addOn }: { actor: Actor; addOn: string },
): Promise<AddOnView> {
  return transaction(platform, async (tx, after) => {
    const found = await findAddOnFor(tx, { actor, addOn, right: 'add-on.destroy' });
    await checkPolicyOfAttached(tx, { actor, addOnId: found.id, addOn: found.name });
    await markAddOnDestroyed(tx, after, { addOnId: found.id, userId: actor.userId });
    return { ...toAddOnView(found), status: 'deprovisioning' };
  });
}
