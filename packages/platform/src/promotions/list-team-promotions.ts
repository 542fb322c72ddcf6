import type { Actor } from '../actor.js';
import { getTeamFor } from '../auth/get-team-for.js';
import type { Platform } from '../platform.js';
import { type PromotionView, readPromotionViews } from './promotion-view.js';

/** Who promoted what in a team lately: the newest 10 of all its pipelines, the newest first. */
export async function listTeamPromotions(
  { db }: Platform,
  { actor, team }: { actor: Actor; team: string },
): Promise<PromotionView[]> {
  const { id: teamId } = await getTeamFor(db, { actor, team, right: 'team.view' });
  return readPromotionViews(db, { pipeline: { teamId } }, 10);
}
