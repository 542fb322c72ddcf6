import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';
import { type AddOnView, toAddOnView } from './add-on-view.js';
import { findAddOnFor } from './find-add-on-for.js';

export async function getAddOn(
  platform: Platform,
  { actor, addOn }: { actor: Actor; addOn: string },
): Promise<AddOnView> {
  return toAddOnView(await findAddOnFor(platform.db, { actor, addOn, right: 'app.view' }));
}
