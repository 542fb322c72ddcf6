import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { cutHistory, historyFormat, historyMax } from '@berth/domain/commit-history';
import { UserError } from '@berth/domain/errors';
import { pushSource } from '@berth/images/push-source';
import type { Registry } from '@berth/images/registry';
import type { Config } from '../config.js';
import { gitEnvironment } from '../repositories/git-environment.js';
import { type GitRepository, gitOf, scratchDir } from '../repositories/open-repository.js';
import { ArchiveCollector, type CollectedArchive } from './archive-collector.js';
import { scanArchive } from './scan-archive.js';

/** What a build starts from: the archive of one commit in the registry. */
export interface MadeSource {
  commit: string;
  message: string;
  /** domain/commit-history */
  history: string;
  digest: string;
  sizeBytes: number;
}

/**
 * Makes the source of a commit and stores it; idempotent. UserError when there is nothing to build from it: no commit,
 * no files, submodules, Git LFS pointers, too large.
 */
export async function makeSource(
  { config, registry }: { config: Config; registry: Registry },
  repository: GitRepository,
  sha: string,
): Promise<MadeSource> {
  await checkCommit(config, repository, sha);
  await checkTree(config, repository, sha);
  const [message, history, archive] = await Promise.all([
    readMessage(config, repository, sha),
    readHistory(config, repository, sha),
    archiveCommit(config, repository, sha),
  ]);
  try {
    const { digest, sizeBytes } = await pushSource(registry, { repositoryId: repository.id, commit: sha, archive });
    return { commit: sha, message, history, digest, sizeBytes };
  } finally {
    await archive.dispose();
  }
}

async function checkCommit(config: Config, repository: GitRepository, sha: string): Promise<void> {
  const type = (await gitOf(config, repository).raw(['cat-file', '-t', sha])).trim();
  if (type !== 'commit') throw new UserError('bad_request', `A branch must point to a commit, not to a ${type}.`);
}

async function readMessage(config: Config, repository: GitRepository, sha: string): Promise<string> {
  const message = await gitOf(config, repository).raw(['log', '-1', '--format=%B', '--end-of-options', sha]);
  return message.trim();
}

/** In git's own order, by time: topological order reads the whole of a large repository first. */
const readHistory = async (config: Config, repository: GitRepository, sha: string): Promise<string> => {
  const argv = ['log', `--max-count=${historyMax}`, `--format=${historyFormat}`, '--end-of-options', sha];
  return cutHistory(await gitOf(config, repository).raw(argv));
};

/** `git archive` leaves submodules as empty directories: the tree says that they are there. */
async function checkTree(config: Config, repository: GitRepository, sha: string): Promise<void> {
  const tree = await gitOf(config, repository).raw([
    'ls-tree',
    '-r',
    '-z',
    '--full-tree',
    '--format=%(objectmode) %(path)',
    sha,
  ]);
  if (tree === '') throw new UserError('bad_request', 'This commit has no files: add your app to it and push again.');
  const submodule = tree.split('\0').find((line) => line.startsWith('160000 '));
  if (submodule)
    throw new UserError(
      'unsupported',
      `${submodule.slice(7)} is a git submodule, and Berth does not fetch submodules: commit its files or use a package.`,
    );
}

/** `git archive` (export-ignore and export-subst of .gitattributes hold, as at Heroku), gzip level 1. */
async function archiveCommit(config: Config, repository: GitRepository, sha: string): Promise<CollectedArchive> {
  const child = spawn('git', ['archive', '--format=tar', sha], {
    cwd: repository.dir,
    env: gitEnvironment(config, { GIT_DIR: repository.dir }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk).slice(-2000);
  });
  const closed = once(child, 'close');
  const archive = new ArchiveCollector(scratchDir(config));
  try {
    await pipeline(child.stdout, scanArchive(config.BERTH_SOURCE_MAX_BYTES), createGzip({ level: 1 }), archive);
    const [code] = await closed;
    if (code !== 0) throw new Error(`git archive ended with ${code}: ${stderr}`);
    return archive.collected();
  } catch (error) {
    child.kill('SIGKILL');
    await archive.dispose();
    throw error;
  }
}
