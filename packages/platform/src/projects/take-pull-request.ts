import { reviewName } from '@berth/domain/review-name';
import type { Platform } from '../platform.js';
import { addService } from './add-service.js';
import { createProject } from './create-project.js';
import { destroyProject } from './destroy-project.js';
import { dropService } from './drop-service.js';
import type { findSignedHook } from './find-signed-hook.js';

export interface PullRequestNews {
  action: string;
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

type Hook = Awaited<ReturnType<typeof findSignedHook>>;

/**
 * Opened or reopened: the service gets its branch in the environment that the pattern names, which is made when it is not
 * there. Closed: it leaves it, and the last one takes the environment with it. A repeated delivery changes nothing.
 */
export async function takePullRequest(platform: Platform, hook: Hook, news: PullRequestNews): Promise<Taken> {
  const { action, branch, number, service } = news;
  const name = reviewName(hook.pattern, { branch, number, service });
  const nothing: Taken = { outcome: 'nothing', environment: name };
  const found = await platform.db.environment.findFirst({
    where: { teamId: hook.teamId, kind: 'project', name, destroyedAt: null },
    include: { apps: { where: { destroyedAt: null }, include: { pipeline: { select: { name: true } } } } },
  });
  const has = found?.apps.some(({ pipeline }) => pipeline?.name === service) ?? false;
  const of = { actor: { userId: hook.userId }, environment: name };
  if (action === 'closed') {
    // One that a person made is that person's to destroy.
    if (!found || !has || found.ownerId !== hook.userId) return nothing;
    if (found.apps.length > 1) await dropService(platform, { ...of, service });
    else await destroyProject(platform, of);
    return { outcome: 'destroyed', environment: name };
  }
  if ((action !== 'opened' && action !== 'reopened') || has) return nothing;
  const wish = { service, branch };
  if (found) await addService(platform, { ...of, wish });
  else {
    const { actor } = of;
    const { teamId: team, ttlHours, base } = hook;
    await createProject(platform, { actor, team, name, base: base.name, services: [wish], ttlHours });
  }
  return { outcome: 'made', environment: name };
}
