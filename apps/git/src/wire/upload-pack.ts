import type { Parts } from '../parts.js';
import { gitEnvironment } from '../repositories/git-environment.js';
import type { GitRepository } from '../repositories/open-repository.js';
import type { Exchange } from './exchange.js';
import { killOnHalfInput, spawnGit } from './spawn-git.js';

/** `git fetch` and `git clone` of one app. Returns git's exit code, null when it was killed. */
export async function uploadPack(
  parts: Parts,
  { appId, repository }: { appId: string; repository: GitRepository },
  exchange: Exchange,
): Promise<number | null> {
  const git = spawnGit(
    ['upload-pack', '--strict', ...(exchange.isStateless ? ['--stateless-rpc'] : []), repository.dir],
    {
      env: gitEnvironment(parts.config, { GIT_NAMESPACE: appId, GIT_PROTOCOL: exchange.protocol }),
      stdio: ['pipe', 'pipe', 'pipe'],
      cut: exchange.cut,
      logger: parts.logger,
    },
  );
  const { child, ended } = git;
  killOnHalfInput(git, exchange.input);
  child.stdin?.on('error', () => exchange.input.resume()); // git needs no more of what the client still sends
  exchange.input.pipe(child.stdin!);
  child.stdout?.pipe(exchange.output, { end: false });
  return ended;
}
