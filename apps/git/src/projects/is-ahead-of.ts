import type { Config } from '../config.js';
import { readRef, zeroSha } from '../repositories/app-refs.js';
import type { GitRepository } from '../repositories/open-repository.js';
import { runGit } from '../repositories/run-git.js';

/** Whether a commit has something that a pipeline's main has not; all commits have, while there is no main. */
export async function isAheadOf(
  config: Config,
  repository: GitRepository,
  commit: string,
  main: { appId: string; branch: string } | undefined,
): Promise<boolean> {
  const head = main && (await readRef(config, repository, { appId: main.appId, ref: `refs/heads/${main.branch}` }));
  return !head || head === zeroSha || !(await isContained(config, repository, commit, head));
}

/** Whether `commit` is `head` or among its ancestors. One that is not in the repository any more is not. */
export async function isContained(
  config: Config,
  repository: GitRepository,
  commit: string,
  head: string,
): Promise<boolean> {
  const { code } = await runGit(config, repository, ['merge-base', '--is-ancestor', commit, head], { check: false });
  return code === 0;
}
