import { detectNode } from './detect.js';
import { planNode } from './plan.js';

/** Node.js apps: anything with a package.json. */
export const nodeBuildpack = {
  name: 'node',
  title: 'Node.js',
  looksFor: 'package.json (Node.js)',
  detect: detectNode,
  plan: planNode,
};
