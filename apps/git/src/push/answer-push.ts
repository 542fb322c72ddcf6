import { randomUUID } from 'node:crypto';
import { publicError, UserError } from '@berth/domain/errors';
import { branchOf } from '@berth/domain/names';
import { acceptPush } from '@berth/platform/pushes/accept-push';
import { classifyPush } from '@berth/platform/pushes/classify-push';
import type { Parts } from '../parts.js';
import { moveRef, zeroSha } from '../repositories/app-refs.js';
import { applyInOrder } from '../repositories/apply-wanted-refs.js';
import { inTurn } from '../repositories/in-turn.js';
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
    const answer =
      outcome.kind === 'follow'
        ? await followToEnd(parts, push, outcome.pushId, pusher).catch((error) => refuse(parts, push, error))
        : outcome;
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
type Outcome = Answer | { kind: 'follow'; pushId: string };

function refuse(parts: Parts, push: PushTarget, error: unknown): Answer {
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

/** The ref first, because git has the last word on its name and on who came first; then the row. */
async function storeRef(parts: Parts, push: PushTarget, command: RefCommand, pusher: Pusher): Promise<Outcome> {
  const { actor, app, repository } = push;
  const { ref, oldSha, newSha } = command;
  await inTurn(repository.id, async () => {
    await moveRef(parts.config, repository, { appId: app.id, ref, oldSha, newSha });
    await acceptPush(parts.platform, { actor, appId: app.id, ref, oldSha, newSha, source: null }).catch(
      async (error) => {
        await moveRef(parts.config, repository, { appId: app.id, ref, oldSha: newSha, newSha: oldSha });
        throw error;
      },
    );
    await applyInOrder(parts, repository.id);
  });
  const branch = branchOf(ref);
  if (branch && newSha !== zeroSha)
    await pusher.say(
      `Branch ${branch} is stored, not built: ${app.name} deploys from ${app.deployBranch ?? 'main or master'}.\n`,
    );
  return { kind: 'ok' };
}

async function acceptForBuild(parts: Parts, push: PushTarget, command: RefCommand, pusher: Pusher): Promise<Outcome> {
  const { actor, app, repository } = push;
  const { ref, oldSha, newSha } = command;
  await pusher.say(`-----> Received ${newSha.slice(0, 7)} for ${app.name}\n`);
  await moveRef(parts.config, repository, { appId: app.id, ref, oldSha, newSha }, true);
  const source = await makeSource(parts, repository, newSha);
  const accepted = await acceptPush(parts.platform, { actor, appId: app.id, ref, oldSha, newSha, source });
  return { kind: 'follow', pushId: accepted.pushId };
}
