import { UserError } from '@berth/domain/errors';
import { branchOf } from '@berth/domain/names';
import type { Config } from '../config.js';
import { type GitRepository, gitOf } from './open-repository.js';
import { runGit } from './run-git.js';

/** The object id that stands for "no such ref" and, as a new value, for "delete it". */
export const zeroSha = '0'.repeat(40);

/** A ref of one app, as `git push` names it (`refs/heads/main`). */
export interface AppRef {
  appId: string;
  ref: string;
}

export interface RefMove extends AppRef {
  newSha: string;
  /** What the pusher saw. */
  oldSha: string;
}

const fullName = ({ appId, ref }: AppRef) => `refs/namespaces/${appId}/${ref}`;

/** What the ref points to, {@link zeroSha} when it is not there. */
export async function readRef(config: Config, repository: GitRepository, ref: AppRef): Promise<string> {
  const full = fullName(ref);
  const output = await gitOf(config, repository).raw(['for-each-ref', '--format=%(objectname) %(refname)', full]);
  // The pattern also matches what is below it.
  const line = output.split('\n').find((each) => each.endsWith(` ${full}`));
  return line?.slice(0, 40) ?? zeroSha;
}

/** Moves, makes or deletes a ref, whatever it was. Throws when the commit is not there. */
export async function setRef(config: Config, repository: GitRepository, ref: AppRef & { newSha: string }) {
  await runGit(config, repository, ['update-ref', '--no-deref', fullName(ref), ref.newSha]);
}

/**
 * Moves a ref from what the pusher saw; with `isTrial` only finds out whether it could be moved.
 * UserError when it is another one meanwhile or when git has no room for its name.
 */
export async function moveRef(config: Config, repository: GitRepository, move: RefMove, isTrial = false) {
  const end = isTrial ? 'abort' : 'commit';
  const input = `start\0update ${fullName(move)}\0${move.newSha}\0${move.oldSha}\0prepare\0${end}\0`;
  const ended = await runGit(config, repository, ['update-ref', '--no-deref', '--stdin', '-z'], {
    input,
    check: false,
  });
  if (ended.code !== 0) throw await whyNot(config, repository, move, ended.stderr);
}

async function whyNot(config: Config, repository: GitRepository, move: RefMove, detail: string): Promise<Error> {
  const name = branchOf(move.ref) ?? move.ref;
  if ((await readRef(config, repository, move)) !== move.oldSha)
    return new UserError('conflict', `${name} was moved by another push meanwhile: fetch and push again.`, { detail });
  const format = await runGit(config, repository, ['check-ref-format', move.ref], { check: false });
  if (format.code !== 0) return new UserError('invalid_params', `git does not allow the name ${name}.`, { detail });
  const prefix = fullName({ appId: move.appId, ref: '' });
  const refs = await gitOf(config, repository).raw(['for-each-ref', '--format=%(refname)', prefix]);
  const other = refs
    .split('\n')
    .map((full) => full.slice(prefix.length))
    .find((ref) => ref && (ref.startsWith(`${move.ref}/`) || move.ref.startsWith(`${ref}/`)));
  if (other)
    return new UserError('conflict', `git cannot keep ${name} beside ${branchOf(other) ?? other}.`, { detail });
  return new Error(`git update-ref ${move.ref}: ${detail}`);
}

/** What `git clone` checks out. */
export async function pointHead(config: Config, repository: GitRepository, branch: AppRef): Promise<void> {
  const head = fullName({ appId: branch.appId, ref: 'HEAD' });
  await runGit(config, repository, ['symbolic-ref', head, fullName(branch)]);
}
