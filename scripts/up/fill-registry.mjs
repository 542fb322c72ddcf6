import { join } from 'node:path';
import { nodeVersion } from './platform-recipe.mjs';

/**
 * The stack and the first Node.js runtime, in our registry; other versions are made when an app first asks for one.
 * @type {import('./run-steps.mjs').Step}
 */
export const fillRegistry = {
  name: 'stack and first runtime',
  mend: 'Does `npm ping` answer? The runtime comes from the npm registry.',
  run: async ({ settings, found, log }) => {
    const { Registry } = await import('@berth/images/registry');
    const { ensureStack } = await import('@berth/runtimes/stacks/ensure-stack');
    const { ensureNodeRuntime } = await import('@berth/runtimes/node/ensure-node-runtime');
    const { ensureNodeBuildImage } = await import('@berth/runtimes/node/ensure-node-build-image');
    const registry = new Registry({ url: found.urls.registry });
    const npm = { url: found.npmRegistry, cacheDir: join(settings.cache, 'npm') };
    log('stack');
    const stack = await ensureStack({ registry, tarPath: found.stackTar });
    log(`Node.js ${nodeVersion}`);
    const runtime = await ensureNodeRuntime({ registry, npm, version: nodeVersion });
    log('package managers');
    await ensureNodeBuildImage({ registry, npm, stack, runtime, version: nodeVersion, tools: [] });
    return `Node.js ${nodeVersion}`;
  },
};
