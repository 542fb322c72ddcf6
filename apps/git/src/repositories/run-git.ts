import { type Ended, run } from '@berth/daemon/spawn';
import type { Config } from '../config.js';
import { gitEnvironment } from './git-environment.js';
import type { GitRepository } from './open-repository.js';

/**
 * For commands that print nothing or read their input: simple-git has no input, and waits 50 ms for output that does not
 * come. Throws when git ends with another code than 0, unless `check` is false.
 */
export function runGit(
  config: Config,
  repository: GitRepository,
  argv: readonly string[],
  options: { input?: string; check?: boolean } = {},
): Promise<Ended> {
  return run(['git', ...argv], { env: gitEnvironment(config, { GIT_DIR: repository.dir }), ...options });
}
