import { randomUUID } from 'node:crypto';
import { inTurn } from '@berth/daemon/in-turn';
import { publicError, UserError } from '@berth/domain/errors';
import { branchOf } from '@berth/domain/names';
import type { Redeployed } from '@berth/platform/projects/redeploy-branch';
import { acceptPush } from '@berth/platform/pushes/accept-push';
import { classifyPush } from '@berth/platform/pushes/classify-push';
import type { Parts } from '../parts.js';
import { deployBranch, followServices, takeStoredBranch } from '../projects/deploy-branch.js';
import { sayExpiry } from '../projects/say-expiry.js';
import { moveRef, zeroSha } from '../repositories/app-refs.js';
import { applyInOrder } from '../repositories/apply-wanted-refs.js';
import { followToEnd } from './follow-to-end.js';
import { makeSource } from './make-source.js';
import type { RefAnswer, RefCommand } from './proc-receive.js';
import type { PushTarget } from './receive-pack.js';

/** The client of one push: `say` prints to it (`remote:` lines), `gone` is aborted when nobody reads any more. */
export interface Pusher {
  say: (text: string) => Promise<void>;
  gone: AbortSignal;
}

/**
 * Answers each ref of one push: refused, stored, or accepted, built and released. Never throws: what fails is the answer
 * of that ref alone.
 */
export async function answerPush(
  parts: Parts,
  push: PushTarget,
  commands: RefCommand[],
  pusher: Pusher,
): Promise<RefAnswer[]> {
  const received: { command: RefCommand; outcome: Outcome }[] = [];
  // In order, and all before the first is followed: the first of main and master becomes the deploy branch.
  for (const command of commands)
    received.push({
      command,
      outcome: await receiveRef(parts, push, command, pusher).catch((error) => refuse(parts, push, error)),
    });
  const answers: RefAnswer[] = [];
  for (const { command, outcome } of received) {
    const answer = await followOutcome(parts, push, outcome, pusher).catch((error) => refuse(parts, push, error));
    answers.push(
      answer.kind === 'ok'
        ? { ref: command.ref, isOk: true }
        : { ref: command.ref, isOk: false, sentence: answer.sentence },
    );
  }
  return answers;
}

/** How one ref ended. */
export type Answer = { kind: 'ok' } | { kind: 'refused'; sentence: string };
/** What there is to follow: the push's own build, and what the branch deploys in project environments. */
type Outcome = Answer | { kind: 'follow'; pushId: string | undefined; deployed: Redeployed[] };

async function followOutcome(parts: Parts, push: PushTarget, outcome: Outcome, pusher: Pusher): Promise<Answer> {
  if (outcome.kind !== 'follow') return outcome;
  const { pushId, deployed } = outcome;
  const answer = pushId ? await followToEnd(parts, push, pushId, pusher) : ({ kind: 'ok' } as const);
  await followServices(parts, deployed, pusher);
  await sayExpiry(parts.platform, [push.app.id, ...deployed.map(({ appId }) => appId)], pusher).catch(
    (error: unknown) => parts.logger.warn({ err: error, appId: push.app.id }, 'expiry was not said'), // the push is live
  );
  return answer;
}

function refuse(parts: Parts, push: PushTarget, error: unknown): Answer & { kind: 'refused' } {
  const id = `err_${randomUUID()}`;
  if (!(error instanceof UserError)) parts.logger.error({ err: error, id, appId: push.app.id }, 'push');
  return { kind: 'refused', sentence: publicError(error, id).message };
}

async function receiveRef(parts: Parts, push: PushTarget, command: RefCommand, pusher: Pusher): Promise<Outcome> {
  const { ref, newSha } = command;
  const { actor, app } = push;
  const rule = await classifyPush(parts.platform, { actor, appId: app.id, ref, newSha });
  if (rule.kind === 'reject') return { kind: 'refused', sentence: rule.message };
  if (rule.kind === 'store') return storeRef(parts, push, command, pusher);
  return acceptForBuild(parts, push, command, pusher);
}

/**
 * The ref before the row, because git has the last word on its name and on who came first; and what the branch deploys
 * before the ref: a push that was cut off between them is pushed again, and deploys the same again.
 */
async function storeRef(parts: Parts, push: PushTarget, command: RefCommand, pusher: Pusher): Promise<Outcome> {
  const { actor, app, repository } = push;
  const { ref, oldSha, newSha } = command;
  const branch = newSha === zeroSha ? undefined : branchOf(ref);
  const deployed = await inTurn(repository.id, async () => {
    const move = { appId: app.id, ref, oldSha, newSha };
    await moveRef(parts.config, repository, move, true);
    const asked = branch ? await deployBranch(parts, push, { branch, commit: newSha }) : [];
    await moveRef(parts.config, repository, move);
    await acceptPush(parts.platform, { actor, ...move, source: null }).catch(async (error) => {
      await moveRef(parts.config, repository, { ...move, oldSha: newSha, newSha: oldSha });
      throw error;
    });
    await applyInOrder(parts, repository.id);
    return asked;
  });
  if (deployed.length > 0) return { kind: 'follow', pushId: undefined, deployed };
  const named = branchOf(ref);
  const taken = named && (await environmentOf(parts, push, { branch: named, isGone: !branch }, pusher));
  if (taken) return { kind: 'follow', pushId: undefined, deployed: taken };
  if (branch)
    await pusher.say(
      `Branch ${branch} is stored, not built: ${app.name} deploys from ${app.deployBranch ?? 'main or master'}.\n`,
    );
  return { kind: 'ok' };
}

/** What stands against it is printed: the branch is stored whatever that is. */
async function environmentOf(
  parts: Parts,
  push: PushTarget,
  of: { branch: string; isGone: boolean },
  pusher: Pusher,
): Promise<Redeployed[] | undefined> {
  try {
    return await takeStoredBranch(parts, push, of, pusher);
  } catch (error) {
    const { sentence } = refuse(parts, push, error);
    await pusher.say(` !     ${of.branch} has no environment: ${sentence}\n`);
    return [];
  }
}

async function acceptForBuild(parts: Parts, push: PushTarget, command: RefCommand, pusher: Pusher): Promise<Outcome> {
  const { actor, app, repository } = push;
  const { ref, oldSha, newSha } = command;
  await pusher.say(`-----> Received ${newSha.slice(0, 7)} for ${app.name}\n`);
  await moveRef(parts.config, repository, { appId: app.id, ref, oldSha, newSha }, true);
  const source = await makeSource(parts, repository, newSha);
  const accepted = await acceptPush(parts.platform, { actor, appId: app.id, ref, oldSha, newSha, source });
  const branch = branchOf(ref);
  // After the push: its build is the one that they wait for.
  const deployed = branch ? await deployBranch(parts, push, { branch, commit: newSha }) : [];
  return { kind: 'follow', pushId: accepted.pushId, deployed };
}
