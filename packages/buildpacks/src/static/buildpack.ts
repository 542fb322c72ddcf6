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

/** Another language beside package.json is what serves; the front-end is a part of that. */
const servers = [
  ...['Gemfile', 'composer.json', 'requirements.txt', 'pyproject.toml', 'Pipfile', 'go.mod', 'Cargo.toml', 'pom.xml'],
  ...['build.gradle', 'build.gradle.kts'],
];

/** Front-ends without a server of their own: asked before Node.js, which would find no way to start them. */
export const frontEndBuildpack: Buildpack = {
  ...staticBuildpack,
  detect: (view) => !servers.some((path) => view.paths.includes(path)) && findFrontEnd(view) !== undefined,
  needsWhole: (top, root) => nodeBuildpack.needsWhole!(top, root),
};

function configNames(tool: string): string[] {
  return ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'].map((ending) => `${tool}.config.${ending}`);
}
