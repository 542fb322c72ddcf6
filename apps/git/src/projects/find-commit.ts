import { UserError } from '@berth/domain/errors';
import type { WantedSource } from '@berth/platform/projects/read-wanted-source';
import type { Config } from '../config.js';
import { readRef, zeroSha } from '../repositories/app-refs.js';
import type { GitRepository } from '../repositories/open-repository.js';
import { runGit } from '../repositories/run-git.js';

/** The whole name of the commit that a service wants. UserError when it was never pushed. */
export async function findCommit(
  config: Config,
  repository: GitRepository,
  { service, branch, commit, namespaces }: Pick<WantedSource, 'service' | 'branch' | 'commit' | 'namespaces'>,
): Promise<string> {
  if (commit !== null) return wholeCommit(config, repository, service, commit);
  for (const appId of namespaces) {
    const sha = await readRef(config, repository, { appId, ref: `refs/heads/${branch}` });
    if (sha !== zeroSha) return sha;
  }
  throw new UserError(
    'not_found',
    `Branch ${branch} is not in the git remote of ${service}: push it, and it is deployed.`,
  );
}

async function wholeCommit(
  config: Config,
  repository: GitRepository,
  service: string,
  commit: string,
): Promise<string> {
  const argv = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}^{commit}`];
  const { code, stdout } = await runGit(config, repository, argv, { check: false });
  const sha = stdout.toString().trim();
  if (code !== 0 || !/^[0-9a-f]{40}$/.test(sha))
    throw new UserError('not_found', `Commit ${commit} is not in the git remote of ${service}: push it first.`);
  return sha;
}
