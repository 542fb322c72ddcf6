import type { Buildpack } from '../buildpack.js';
import { npmEnv } from '../node/npm-env.js';
import type { SourceView } from '../source-view.js';
import { planPhp } from './plan.js';

/** PHP apps. The mirror of Packagist is part of the build image's settings, so that an app's own repositories win. */
export const phpBuildpack: Buildpack = {
  name: 'php',
  looksFor: 'composer.json or index.php (PHP)',
  detect: (view) => ['composer.json', 'index.php'].some((path) => view.paths.includes(path)) && !isStartedByNode(view),
  decisive: ['composer.json', 'composer.lock'],
  plan: planPhp,
  sourceEnv: npmEnv,
};

/** A package.json beside composer.json builds the assets of a PHP app, unless it says how a server is started. */
const isStartedByNode = ({ texts }: SourceView) => /"start"\s*:/.test(texts['package.json'] ?? '');
