import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { inTurn } from '@berth/daemon/in-turn';
import { run } from '@berth/daemon/spawn';
import { listRepositories } from '@berth/platform/apps/list-repositories';
import type { Parts } from '../parts.js';
import { gitEnvironment } from './git-environment.js';
import { measureRepository } from './measure-repository.js';
import { type GitRepository, repositoriesDir } from './open-repository.js';
import { removeNamespaces } from './remove-namespaces.js';

const dayMs = 24 * 3600_000;
/** Each push leaves one pack; many make every lookup slower. */
const packsMax = 30;

/**
 * Removes the repositories and refs of destroyed apps and packs those that have many packs, one after the other and at the lowest
 * priority. Objects that no ref reaches stay two weeks: those of a push whose build still runs are among them.
 */
export async function collectGarbage(parts: Parts): Promise<void> {
  const dir = repositoriesDir(parts.config);
  const names = (await readdir(dir)).filter((each) => each.endsWith('.git'));
  // Asked after the folder was read: a repository's row is older than its folder, so one without a row is over.
  const wanted = new Set(await listRepositories(parts.platform));
  for (const name of names) {
    const repository = { id: name.slice(0, -'.git'.length), dir: join(dir, name) };
    const work = wanted.has(repository.id) ? tidy(parts, repository) : rm(repository.dir, { recursive: true });
    await work.catch((error: unknown) =>
      parts.logger.warn({ err: error, repositoryId: repository.id }, 'garbage collection'),
    );
  }
}

async function tidy(parts: Parts, repository: GitRepository): Promise<void> {
  await removeIncoming(repository);
  await inTurn(repository.id, () => removeNamespaces(parts, repository));
  if ((await measureRepository(repository)).packs <= packsMax) return;
  await run(['nice', '-n', '19', 'git', 'gc', '--quiet', '--prune=2.weeks.ago'], {
    cwd: repository.dir,
    env: gitEnvironment(parts.config, { GIT_DIR: repository.dir }),
    signal: parts.stopping,
  });
}

/** What a receive-pack that was killed leaves: objects that never came out of quarantine. */
async function removeIncoming(repository: GitRepository): Promise<void> {
  const objects = join(repository.dir, 'objects');
  for (const name of (await readdir(objects)).filter((each) => each.startsWith('tmp_objdir-'))) {
    const path = join(objects, name);
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > dayMs) await rm(path, { recursive: true, force: true });
  }
}
