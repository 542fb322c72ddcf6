import type { Buildpack } from '../buildpack.js';
import { npmEnv } from './npm-env.js';
import { planNode } from './plan.js';
import { isWorkspaceMember } from './workspaces.js';

/** Node.js apps: anything with a package.json. */
export const nodeBuildpack: Buildpack = {
  name: 'node',
  looksFor: 'package.json (Node.js)',
  // project.json alone: a project of Nx, whose package.json is at the top.
  detect: ({ paths }) => paths.includes('package.json') || paths.includes('project.json'),
  decisive: [
    'package.json',
    'package-lock.json',
    'npm-shrinkwrap.json',
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'yarn.lock',
    'bun.lock',
    'project.json',
    '.npmrc',
    '.yarnrc',
    '.yarnrc.yml',
    '.nvmrc',
    '.node-version',
  ],
  needsWhole: isWorkspaceMember,
  plan: planNode,
  sourceEnv: npmEnv,
};
