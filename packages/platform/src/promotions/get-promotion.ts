import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';
import { findPromotionFor } from './find-promotion-for.js';
import { type GateView, type PromotionView, readPromotionView } from './promotion-view.js';

export type { GateView, PromotionView };

export async function getPromotion({ db }: Platform, of: { actor: Actor; promotion: string }): Promise<PromotionView> {
  return readPromotionView(db, (await findPromotionFor(db, of)).id);
}
