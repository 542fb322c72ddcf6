import type { Buildpack } from '../buildpack.js';
import { nodeBuildpack } from '../node/buildpack.js';
import { findFrontEnd } from './front-end.js';
import { planStatic } from './plan.js';

/** Folders of files. */
export const staticBuildpack: Buildpack = {
  name: 'static',
  looksFor: 'index.html (static files)',
  detect: ({ paths }) => paths.includes('index.html') || paths.includes('public/index.html'),
  decisive: ['angular.json', ...['next', 'astro', 'vite', 'react-router'].flatMap(configNames)],
  plan: planStatic,
  sourceEnv: nodeBuildpack.sourceEnv,
};

/** Front-ends without a server of their own: asked before Node.js, which would find no way to start them. */
export const frontEndBuildpack: Buildpack = {
  ...staticBuildpack,
  detect: (view) => findFrontEnd(view) !== undefined,
  needsWhole: (top, root) => nodeBuildpack.needsWhole!(top, root),
};

function configNames(tool: string): string[] {
  return ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'].map((ending) => `${tool}.config.${ending}`);
}
