import { followService } from '@berth/platform/projects/follow-service';
import { type Redeployed, redeployBranch } from '@berth/platform/projects/redeploy-branch';
import { takeBranch } from '@berth/platform/projects/take-branch';
import type { Parts } from '../parts.js';
import type { Pusher } from '../push/answer-push.js';
import type { PushTarget } from '../push/receive-pack.js';
import { isAheadOf } from './is-ahead-of.js';

/** The project environments' apps that a branch deploys get its new commit. None: it is nobody's deploy branch. */
export async function deployBranch(
  { platform, config }: Parts,
  { actor, app, repository }: PushTarget,
  { branch, commit }: { branch: string; commit: string },
): Promise<Redeployed[]> {
  const main = app.deployBranch === null ? undefined : { appId: app.id, branch: app.deployBranch };
  const isAhead = await isAheadOf(config, repository, commit, main);
  return redeployBranch(platform, { actor, appId: app.id, branch, commit, isAhead });
}

/**
 * A stored branch that nothing deploys gets its service an environment, or takes it along (`isGone`), where the team has asked
 * for that. Undefined: nobody has asked.
 */
export async function takeStoredBranch(
  { platform }: Parts,
  { actor, app }: PushTarget,
  { branch, isGone }: { branch: string; isGone: boolean },
  pusher: Pusher,
): Promise<Redeployed[] | undefined> {
  const taken = await takeBranch(platform, { actor, appId: app.id, branch, isGone });
  if (taken?.outcome === 'destroyed') await pusher.say(`Environment ${taken.environment} no longer has ${branch}.\n`);
  return taken?.deployed;
}

/** Prints what becomes of them, one after the other; the branch is stored whatever that is. */
export async function followServices(parts: Parts, deployed: readonly Redeployed[], pusher: Pusher): Promise<void> {
  const signal = AbortSignal.any([pusher.gone, parts.stopping]);
  for (const { appId, name, environment, wish } of deployed) {
    await pusher.say(`-----> Deploying ${name} in environment ${environment}\n`);
    for await (const message of followService(parts.platform, { appId, wish, signal })) {
      if (message.type === 'output') await pusher.say(message.text);
      else await pusher.say(message.isOk ? `       ${message.message}\n` : ` !     ${name}: ${message.message}\n`);
    }
  }
}
