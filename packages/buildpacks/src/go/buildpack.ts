import type { Buildpack } from '../buildpack.js';
import { planGo } from './plan.js';

/** Go modules. The module proxy is part of the build image's settings, so that an app's own GOPROXY and GOPRIVATE win. */
export const goBuildpack: Buildpack = {
  name: 'go',
  looksFor: 'go.mod (Go)',
  detect: ({ paths }) => paths.includes('go.mod'),
  decisive: ['go.mod', 'main.go'],
  plan: planGo,
  sourceEnv: () => ({}),
};
