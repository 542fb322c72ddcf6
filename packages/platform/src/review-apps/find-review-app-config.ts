import type { ReviewAppConfig as Row } from '@berth/db/generated/client';
import { UserError } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { findPipelineFor } from '../pipelines/find-pipeline-for.js';
import type { Platform } from '../platform.js';

/** What is said of a pipeline's review apps. */
export interface ReviewAppConfig {
  pipeline: { id: string; name: string };
  team: { id: string; name: string };
  /** A pushed branch makes one. */
  isAutomatic: boolean;
  /** They live so many days; null: as long as a project environment may. */
  staleDays: number | null;
  /** Who enabled them. */
  userId: string;
}

/** UserError `not_found` where they are not enabled. @param pipeline name or id */
export async function findReviewAppConfig(
  { db }: Platform,
  { actor, pipeline }: { actor: Actor; pipeline: string },
): Promise<ReviewAppConfig> {
  const found = await findPipelineFor(db, { actor, pipeline, right: 'app.view' });
  const row = await db.reviewAppConfig.findUnique({ where: { pipelineId: found.id } });
  if (!row) throw notEnabled(found.name);
  return toReviewAppConfig(found, row);
}

interface Named {
  id: string;
  name: string;
}

export function toReviewAppConfig({ id, name, team }: Named & { team: Named }, row: Row): ReviewAppConfig {
  const { isAutomatic, staleDays, userId } = row;
  return { pipeline: { id, name }, team: { id: team.id, name: team.name }, isAutomatic, staleDays, userId };
}

export const notEnabled = (pipeline: string) =>
  new UserError(
    'not_found',
    `Review apps of ${pipeline} are not enabled: an admin does that by heroku reviewapps:enable.`,
    { resource: 'review_app_config' },
  );
