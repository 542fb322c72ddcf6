import type { Buildpack } from '../buildpack.js';
import { npmEnv } from './npm-env.js';
import { planNode } from './plan.js';

/** Node.js apps: anything with a package.json. */
export const nodeBuildpack: Buildpack = {
  name: 'node',
  looksFor: 'package.json (Node.js)',
  detect: ({ paths }) => paths.includes('package.json'),
  decisive: [
    'package.json',
    'package-lock.json',
    'npm-shrinkwrap.json',
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'yarn.lock',
    '.npmrc',
    '.yarnrc',
    '.yarnrc.yml',
    '.nvmrc',
    '.node-version',
  ],
  plan: planNode,
  sourceEnv: npmEnv,
};
