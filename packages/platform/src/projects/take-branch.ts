import picomatch from 'picomatch';
import type { Actor } from '../actor.js';
import { findFirstApp } from '../pipelines/find-deploy-targets.js';
import type { Platform } from '../platform.js';
import { findReviewHook } from './find-review-hook.js';
import type { Redeployed } from './redeploy-branch.js';
import { type Taken, takePullRequest } from './take-pull-request.js';

/** What a pushed branch led to; `deployed`: the app that is to be followed. */
export interface TakenBranch extends Taken {
  deployed: Redeployed[];
}

/**
 * A branch that nothing deploys is in the git remote of a pipeline, or left it (`isGone`). Where the team's hook names such
 * branches, else where the pipeline's review apps are automatic, it is what a pull request of it would be: its service gets an
 * environment, which is the pusher's, and leaves it with the branch. Undefined: nobody has asked for that.
 * @param actor who pushed
 * @param appId whose remote it is: the pipeline's when it stands first in its line
 */
export async function takeBranch(
  platform: Platform,
  { actor, appId, branch, isGone }: { actor: Actor; appId: string; branch: string; isGone: boolean },
): Promise<TakenBranch | undefined> {
  const { db } = platform;
  const app = await db.app.findUniqueOrThrow({ where: { id: appId }, include: { pipeline: true } });
  const { pipeline } = app;
  const hook = pipeline && (await findHook(platform, pipeline, branch));
  if (!hook) return undefined;
  if ((await findFirstApp(db, pipeline.id))?.id !== appId) return undefined;
  const service = pipeline.name;
  const action = isGone ? 'closed' : 'opened';
  const { userId } = actor;
  const taken = await takePullRequest(platform, { ...hook, userId }, { action, number: 0, branch, service });
  if (taken.outcome !== 'made') return { ...taken, deployed: [] };
  const made = await db.app.findFirst({
    where: { pipelineId: pipeline.id, destroyedAt: null, environment: { name: taken.environment, destroyedAt: null } },
    include: { projectService: true },
  });
  const wish = made?.projectService?.wish;
  if (!made || wish === undefined) return { ...taken, deployed: [] };
  return { ...taken, deployed: [{ appId: made.id, name: made.name, environment: taken.environment, wish }] };
}

async function findHook({ db }: Platform, pipeline: { id: string; teamId: string }, branch: string) {
  const hook = await db.pullRequestHook.findUnique({
    where: { teamId: pipeline.teamId },
    include: { base: { select: { name: true } } },
  });
  if (hook?.branches && picomatch.isMatch(branch, hook.branches)) return hook;
  const review = await findReviewHook(db, pipeline);
  return review?.isAutomatic ? review : undefined;
}
