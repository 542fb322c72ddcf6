import { UserError } from '@berth/domain/errors';
import { ttlDaysMax } from '@berth/domain/project-environment';
import type { Actor } from '../actor.js';
import { addEvent } from '../events/add-event.js';
import { findPipelineFor } from '../pipelines/find-pipeline-for.js';
import { type Platform, transaction } from '../platform.js';
import { notEnabled, type ReviewAppConfig, toReviewAppConfig } from './find-review-app-config.js';

/** As Heroku's, when nobody says how many. */
const usualStaleDays = 5;

export interface ReviewAppChanges {
  isAutomatic?: boolean | undefined;
  destroysStale?: boolean | undefined;
  staleDays?: number | undefined;
}

/**
 * Enables a pipeline's review apps, or changes what is said of them; what is not named stays as it is. With `mustBeThere` those
 * that are not enabled are `not_found`, unless the change itself asks for some (the CLI's `reviewapps:enable --autodeploy` sends
 * nothing but the change).
 */
export function setReviewAppConfig(
  platform: Platform,
  input: { actor: Actor; pipeline: string; changes: ReviewAppChanges; mustBeThere: boolean },
): Promise<ReviewAppConfig> {
  const { actor, pipeline, changes, mustBeThere } = input;
  const { isAutomatic } = changes;
  const asksForSome = isAutomatic === true || changes.destroysStale === true;
  return transaction(platform, async (tx) => {
    const { userId } = actor;
    const found = await findPipelineFor(tx, { actor, pipeline, right: 'environment.change' });
    const { id: pipelineId, name, team } = found;
    const was = await tx.reviewAppConfig.findUnique({ where: { pipelineId } });
    if (!was && mustBeThere && !asksForSome) throw notEnabled(name);
    const row = {
      staleDays: staleDaysOf(changes, was?.staleDays ?? null),
      ...(isAutomatic === undefined ? {} : { isAutomatic }),
    };
    const is = await tx.reviewAppConfig.upsert({
      where: { pipelineId },
      create: { pipelineId, userId, ...row },
      update: row,
    });
    await addEvent(tx, {
      ...{ name: 'review-apps.set', noun: 'pipeline', nounId: pipelineId, teamId: team.id, userId },
      data: { isAutomatic: is.isAutomatic, staleDays: is.staleDays },
    });
    return toReviewAppConfig(found, is);
  });
}

function staleDaysOf({ destroysStale, staleDays }: ReviewAppChanges, was: number | null): number | null {
  if (staleDays !== undefined && (!Number.isInteger(staleDays) || staleDays < 1 || staleDays > ttlDaysMax))
    throw new UserError('invalid_params', `Stale review apps go after 1 to ${ttlDaysMax} days.`);
  if (destroysStale === false) return null;
  if (destroysStale === undefined && was === null) return null;
  return staleDays ?? was ?? usualStaleDays;
}
