import { addJob } from '@berth/jobs/outbox';
import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import { findDeployTargets, findFirstApp } from '../pipelines/find-deploy-targets.js';
import { type Platform, transaction } from '../platform.js';
import { askAgain } from './ask-again.js';
import { lockRepository } from './lock-repository.js';
import { startService } from './start-service.js';

/** A project environment's app that a push deploys. */
export interface Redeployed {
  appId: string;
  name: string;
  environment: string;
  /** What its service was asked, for {@link followService}. */
  wish: number;
}

/**
 * A branch was pushed to the git remote of a pipeline, which is that of `appId` when it stands first in its line: every
 * project environment's app whose deploy branch it is gets the commit. It is built once, or not at all when its image is there.
 */
export function redeployBranch(
  platform: Platform,
  input: { actor: Actor; appId: string; branch: string; commit: string; isAhead: boolean },
): Promise<Redeployed[]> {
  const { actor, appId: pushedTo, branch, commit, isAhead } = input;
  return transaction(platform, async (tx, after) => {
    const app = await getAppFor(tx, { actor, app: pushedTo, right: 'app.push' });
    if (!app.pipelineId || (await findFirstApp(tx, app.pipelineId))?.id !== app.id) return [];
    await lockRepository(tx, app.repositoryId);
    const targets = await findDeployTargets(tx, { pipelineId: app.pipelineId, branch });
    const asked: Redeployed[] = [];
    for (const { appId, name, environment } of targets.filter(({ environment: { kind } }) => kind === 'project')) {
      const wish = await askAgain(tx, after, { appId, userId: actor.userId, branch, commit, isAhead });
      if (wish === undefined) continue;
      await startService(platform, tx, after, appId);
      after.jobs.push(await addJob(tx, 'environment.start', { environmentId: environment.id }));
      asked.push({ appId, name, environment: environment.name, wish });
    }
    return asked;
  });
}
