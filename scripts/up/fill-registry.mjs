import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tokenKeys } from './make-certificates.mjs';
import { withRegistryHeld } from './open-platform.mjs';
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
    const registry = new Registry({ url: found.urls.registry, authorizer: await ownTokens(settings.home) });
    const npm = { url: found.npmRegistry, cacheDir: join(settings.cache, 'npm') };
    await withRegistryHeld(settings, async () => {
      log('stack');
      await ensureStack({ registry, tarPath: found.stackTar });
      log(`Node.js ${nodeVersion}`);
      await ensureNodeRuntime({ registry, npm, version: nodeVersion });
      await pushKeptBuildkit(registry, join(settings.cache, 'downloads'));
    });
    return `Node.js ${nodeVersion}`;
  },
};

/**
 * BuildKit is compiled when an app first has a Dockerfile, which takes minutes: not again when this host has it.
 * @param {import('@berth/images/registry').Registry} registry
 * @param {string} cacheDir
 */
async function pushKeptBuildkit(registry, cacheDir) {
  const { ensureBuildkitPrograms, keptPath } = await import('@berth/runtimes/buildkit/ensure-buildkit-programs');
  if (!existsSync(keptPath(cacheDir))) return;
  await ensureBuildkitPrograms({ registry, sources: { cacheDir } }, async () => {
    throw new Error('it was there a moment ago');
  });
}

/**
 * The token server does not run yet: we sign with its key.
 * @param {string} home
 */
export async function ownTokens(home) {
  const { signOwnTokens } = await import('@berth/images/own-tokens');
  const read = (/** @type {string} */ name) => readFileSync(join(tokenKeys(home), name), 'utf8');
  return signOwnTokens({ keyPem: read('token.key'), certificatePem: read('token.crt') }, 'npm-start');
}
