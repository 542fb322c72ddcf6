import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';
import { findPromotionFor } from './find-promotion-for.js';
import { type PromotionView, readPromotionView } from './promotion-view.js';

export type { PromotionView };

export async function getPromotion({ db }: Platform, of: { actor: Actor; promotion: string }): Promise<PromotionView> {
  return readPromotionView(db, (await findPromotionFor(db, of)).id);
}
