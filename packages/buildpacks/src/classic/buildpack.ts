import type { Buildpack } from '../buildpack.js';
import { planProcesses } from '../plan-processes.js';

/** An app that only custom buildpacks build: nothing but the stack below it, all else is theirs. */
export const classicBuildpack: Buildpack = {
  name: 'classic',
  looksFor: '',
  detect: () => false,
  decisive: [],
  plan: (view, settings) => ({
    buildpack: { name: 'classic', version: '1' },
    runtime: { name: 'stack', wish: undefined, wishFrom: undefined },
    tools: [],
    dependencies: undefined,
    build: [],
    leaveOut: [],
    caches: settings.caches,
    processes: planProcesses(view, settings, { web: undefined, noStart: undefined }),
    healthcheck: settings.healthcheck,
    env: {},
    warnings: [],
  }),
  sourceEnv: () => ({}),
};
