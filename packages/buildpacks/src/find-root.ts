import type { BerthYaml } from '@berth/domain/berth-yaml';
import { UserError } from '@berth/domain/errors';
import { belowRoot, type SourceView } from './source-view.js';

/**
 * The app's directory in its repository: berth.yaml's `root`, else the config var PROJECT_PATH (as with Heroku's
 * subdirectory buildpack), which lets several apps be pushed from one repository. Undefined: the top.
 */
export function findRoot(top: SourceView, settings: BerthYaml, projectPath: string | undefined): string | undefined {
  const root = settings.root ?? (projectPath ?? '').trim().replace(/^(\.?\/)+|\/+$/g, '');
  if (root === '') return undefined;
  const source = settings.root === undefined ? 'the config var PROJECT_PATH' : 'berth.yaml';
  if (root.split('/').includes('..'))
    throw new UserError('bad_request', `${source}: ${root} must not lead outside of the repository.`);
  if (belowRoot({ ...top, texts: {} }, root).paths.length === 0)
    throw new UserError('bad_request', `${source}: there is no directory ${root} in the repository.`);
  return root;
}
