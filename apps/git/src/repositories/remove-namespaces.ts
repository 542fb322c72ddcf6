import { listAppsOfRepository } from '@berth/platform/apps/list-apps-of-repository';
import type { Parts } from '../parts.js';
import { type GitRepository, gitOf } from './open-repository.js';
import { runGit } from './run-git.js';

const prefix = 'refs/namespaces/';

/** Removes the refs of apps that are gone from a repository that others share; their objects go with a later `git gc`. */
export async function removeNamespaces({ platform, config }: Parts, repository: GitRepository): Promise<void> {
  const output = await gitOf(config, repository).raw(['for-each-ref', '--format=%(refname)', prefix]);
  const refs = output.split('\n').filter(Boolean);
  // Asked after the refs were read: an app's row is older than its first ref.
  const apps = new Set(await listAppsOfRepository(platform, { repositoryId: repository.id }));
  const over = refs.filter((ref) => !apps.has(ref.slice(prefix.length).split('/')[0] ?? ''));
  if (over.length === 0) return;
  const input = over.map((ref) => `delete ${ref}\0\0`).join('');
  await runGit(config, repository, ['update-ref', '--no-deref', '--stdin', '-z'], { input });
}
