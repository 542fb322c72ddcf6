import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type SimpleGit, simpleGit } from 'simple-git';
import type { Config } from '../config.js';
import { gitEnvironment } from './git-environment.js';

/** One service's git objects. Each app is a git namespace of it (gitnamespaces(7)). */
export interface GitRepository {
  id: string;
  /** Its bare directory. */
  dir: string;
}

export const repositoriesDir = (config: Config): string => config.BERTH_GIT_DIR;

/** Archives on their way to the registry; emptied at every start. */
export const scratchDir = (config: Config): string => join(config.BERTH_GIT_DIR, 'tmp');

/** Opens the repository of a service; made at its first use. Making it twice at the same time is harmless. */
export async function openRepository(config: Config, repositoryId: string): Promise<GitRepository> {
  const dir = join(repositoriesDir(config), `${repositoryId}.git`);
  const isNew = (await mkdir(dir, { recursive: true, mode: 0o750 })) !== undefined;
  const repository = { id: repositoryId, dir };
  // A directory that was there may be one that a killed process had only begun.
  if (isNew || !(await isRepository(config, repository))) await gitOf(config, repository).init(true);
  return repository;
}

async function isRepository(config: Config, repository: GitRepository): Promise<boolean> {
  return gitOf(config, repository)
    .raw(['rev-parse', '--git-dir'])
    .then(
      () => true,
      () => false,
    );
}

/** Git commands in a repository of ours, with our settings only. */
export function gitOf(config: Config, repository: GitRepository): SimpleGit {
  const env = gitEnvironment(config, { GIT_DIR: repository.dir });
  return simpleGit({
    baseDir: repository.dir,
    allowEnvironment: Object.keys(env),
    // The environment is ours from its first to its last variable; nothing of it comes from a request.
    unsafe: { allowUnsafeConfigPaths: true, allowUnsafeConfigEnvCount: true, allowUnsafeHooksPath: true },
  }).env(env);
}
