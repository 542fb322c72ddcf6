import type { Runtime, RuntimeParts } from '../runtime.js';
import { npmOf } from '../sources.js';
import { ensureNodeBuildImage } from './ensure-node-build-image.js';
import { ensureNodeRuntime, listNodeVersions } from './ensure-node-runtime.js';
import { pickNodeVersion } from './node-version.js';

const ensureRun = ({ registry, sources }: RuntimeParts, version: string) =>
  ensureNodeRuntime({ registry, npm: npmOf(sources), version });

/** Node.js, from the npm registry. */
export const nodeRuntime: Runtime = {
  title: 'Node.js',
  isOnStack: false,
  resolve: async ({ sources, listing }, wish) =>
    pickNodeVersion(wish, await listing('node', () => listNodeVersions(npmOf(sources)))),
  ensureRun,
  ensureBuild: async (parts, version, tools) =>
    ensureNodeBuildImage(parts, await ensureRun(parts, version), version, tools),
};
