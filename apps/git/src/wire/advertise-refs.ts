import type { Writable } from 'node:stream';
import type { Parts } from '../parts.js';
import { gitEnvironment } from '../repositories/git-environment.js';
import type { GitRepository } from '../repositories/open-repository.js';
import type { GitService } from './parse-target.js';
import { flush, packet } from './pkt-line.js';
import { spawnGit } from './spawn-git.js';

/** The first answer of smart HTTP, `GET info/refs` (gitprotocol-http(5)). */
export async function advertiseRefs(
  parts: Parts,
  target: { appId: string; repository: GitRepository; service: GitService; protocol: string | undefined },
  client: { output: Writable; cut: AbortSignal },
): Promise<number | null> {
  // There is no version 2 of push; in version 2 of fetch the line with the service's name is left out.
  const protocol = target.service === 'git-receive-pack' ? undefined : target.protocol;
  if (!protocol?.includes('version=2'))
    client.output.write(Buffer.concat([packet(`# service=${target.service}\n`), flush]));
  const { child, ended } = spawnGit(
    [target.service.replace('git-', ''), '--stateless-rpc', '--http-backend-info-refs', target.repository.dir],
    {
      env: gitEnvironment(parts.config, { GIT_NAMESPACE: target.appId, GIT_PROTOCOL: protocol }),
      stdio: ['ignore', 'pipe', 'pipe'],
      cut: client.cut,
      logger: parts.logger,
    },
  );
  child.stdout?.pipe(client.output, { end: false });
  return ended;
}
