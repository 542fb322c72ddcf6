import { UserError } from '@berth/domain/errors';
import { reviewName } from '@berth/domain/review-name';
import type { Platform } from '../platform.js';
import { addService } from './add-service.js';
import { createProject } from './create-project.js';
import { destroyProject } from './destroy-project.js';
import { dropService } from './drop-service.js';

export type PullRequestAction = 'opened' | 'closed' | 'other';

export interface PullRequestNews {
  /** A pull request that is opened again is opened; one that is merged is closed. */
  action: PullRequestAction;
  number: number;
  branch: string;
  /** Name of a pipeline of the team. */
  service: string;
}

/** What a delivery led to. */
export interface Taken {
  outcome: 'made' | 'destroyed' | 'nothing';
  environment: string;
}

/** How environments are made. */
export interface ReviewHook {
  teamId: string;
  /** In whose name, and whose they are: the pusher of a branch; of a pull request, who set the team's hook. */
  userId: string;
  base: { name: string };
  /** domain/review-name */
  pattern: string;
  ttlHours: number;
  untilMerged: boolean;
}

/**
 * Opened: the service gets its branch in the environment that the pattern names, which is made when it is not
 * there. Closed: it leaves it, and the last one takes the environment with it. A repeated delivery changes nothing. Of
 * deliveries at once for one environment, one makes it, one puts the service in, and the others find them when they look again.
 */
export async function takePullRequest(platform: Platform, hook: ReviewHook, news: PullRequestNews): Promise<Taken> {
  for (let tries = 1; ; tries += 1)
    try {
      return await take(platform, hook, news);
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== 'conflict' || tries === 3) throw error;
    }
}

async function take(platform: Platform, hook: ReviewHook, news: PullRequestNews): Promise<Taken> {
  const { action, branch, number, service } = news;
  const name = reviewName(hook.pattern, { branch, number, service });
  const nothing: Taken = { outcome: 'nothing', environment: name };
  const found = await platform.db.environment.findFirst({
    where: { teamId: hook.teamId, kind: 'project', name, destroyedAt: null },
    include: {
      apps: {
        where: { destroyedAt: null },
        select: { pipeline: { select: { name: true } }, projectService: { select: { branch: true } } },
      },
    },
  });
  const app = found?.apps.find(({ pipeline }) => pipeline?.name === service);
  const has = app?.projectService?.branch === branch;
  const of = { actor: { userId: hook.userId }, environment: name };
  if (action === 'closed') {
    // One that a person made is that person's to destroy.
    if (!found?.isHookMade || !has) return nothing;
    if (found.apps.length > 1) await dropService(platform, { ...of, service });
    else await destroyProject(platform, of);
    return { outcome: 'destroyed', environment: name };
  }
  if (action === 'other' || has) return nothing;
  // Two branches may be cut to one name of an environment.
  if (app) {
    const other = app.projectService?.branch ? `branch ${app.projectService.branch}` : 'no branch';
    throw new UserError('conflict', `${name} has ${service} already, of ${other}.`);
  }
  const wish = { service, branch };
  if (found) await addService(platform, { ...of, wish });
  else {
    const { actor } = of;
    const { teamId: team, ttlHours, untilMerged, base } = hook;
    const row = { name, base: base.name, services: [wish], ttlHours, untilMerged, isHookMade: true };
    await createProject(platform, { actor, team, ...row });
  }
  return { outcome: 'made', environment: name };
}
