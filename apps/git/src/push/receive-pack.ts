import type { Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Actor } from '@berth/platform/actor';
import type { Parts } from '../parts.js';
import { gitEnvironment } from '../repositories/git-environment.js';
import { measureRepository } from '../repositories/measure-repository.js';
import type { GitRepository } from '../repositories/open-repository.js';
import type { Exchange } from '../wire/exchange.js';
import { killOnHalfInput, spawnGit } from '../wire/spawn-git.js';
import { answerPush } from './answer-push.js';
import { Intake } from './intake.js';
import { converse } from './proc-receive.js';

/** The app that somebody pushes to, with the right to do so checked. */
export interface PushTarget {
  actor: Actor;
  app: { id: string; name: string; deployBranch: string | null };
  /** When it was pushed to the remote of a pipeline, whose first app `app` is. */
  pipeline: { id: string; name: string } | undefined;
  repository: GitRepository;
}

/** Room for the commands in front of a pack. */
const commandsMax = 256 * 1024;

/**
 * `git push`: git unpacks and checks the objects, then its proc-receive hook hands the refs to {@link answerPush} over
 * descriptors that only this git process has. Returns git's exit code, null when it was killed.
 */
export async function receivePack(parts: Parts, push: PushTarget, exchange: Exchange): Promise<number | null> {
  const { bytes } = await measureRepository(push.repository);
  const left = Math.max(0, parts.config.BERTH_REPOSITORY_MAX_BYTES - bytes);
  const git = spawnGit(['receive-pack', ...(exchange.isStateless ? ['--stateless-rpc'] : []), push.repository.dir], {
    env: gitEnvironment(parts.config, { GIT_NAMESPACE: push.app.id }),
    stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
    cut: exchange.cut,
    logger: parts.logger,
  });
  const intake = new Intake(left + commandsMax, git.kill);
  killOnHalfInput(git, exchange.input);
  const { stdin, stdout, stdio } = git.child;
  const discardRest = () => {
    intake.unpipe(stdin!);
    intake.resume();
  };
  stdin!.on('error', discardRest).on('close', discardRest);
  exchange.input.pipe(intake).pipe(stdin!);
  stdout!.pipe(exchange.output, { end: false });

  const answered = answerHook(parts, push, stdio[3] as Duplex, stdio[4] as Duplex, git.ended);
  const code = await git.ended;
  await answered;
  if (intake.isExceeded) {
    const isRead = await finished(exchange.input, { writable: false, signal: exchange.cut }).then(
      () => true,
      () => false, // the client is gone or has not sent all of it
    );
    if (!isRead) return null;
    const mib = Math.floor(parts.config.BERTH_REPOSITORY_MAX_BYTES / 1024 / 1024);
    exchange.output.write(
      intake.refusal(`The repository would be larger than ${mib} MiB, the limit for one repository.`),
    );
    return 0;
  }
  return code;
}

/** Ends when the push is answered. Git may be gone before: what was accepted goes on without it. */
async function answerHook(
  parts: Parts,
  push: PushTarget,
  channel: Duplex,
  people: Duplex,
  ended: Promise<unknown>,
): Promise<void> {
  const gone = new AbortController();
  void ended.then(
    () => gone.abort(),
    () => gone.abort(),
  );
  channel.on('error', () => {});
  people.on('error', () => {}).resume();
  const say = async (text: string) => {
    if (gone.signal.aborted || people.destroyed || people.write(text)) return;
    await new Promise<void>((resolve) => people.once('drain', resolve).once('close', resolve));
  };
  try {
    await converse({ input: channel, output: channel }, async (commands) => {
      const answers = await answerPush(parts, push, commands, { say, gone: gone.signal });
      people.end(); // before the report: git waits for both
      return answers;
    });
  } catch (error) {
    if (!gone.signal.aborted) parts.logger.error({ err: error }, 'proc-receive');
  } finally {
    people.destroy();
    channel.destroy();
  }
}
