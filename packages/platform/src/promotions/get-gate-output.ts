import { notFound } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';
import { findPromotionFor } from './find-promotion-for.js';

/** What the command of a promotion's gate (from 1) printed. */
export async function getGateOutput(
  { db }: Platform,
  { actor, promotion, position }: { actor: Actor; promotion: string; position: number },
): Promise<string> {
  const { id: promotionId } = await findPromotionFor(db, { actor, promotion });
  const gate = Number.isInteger(position)
    ? await db.promotionGate.findFirst({ where: { promotionId, position: Math.min(position, 100) } })
    : null;
  if (!gate || gate.output === null) throw notFound('output', `gate ${position}`);
  return gate.output;
}
