import { createHash } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The stack's file system as a tar in the cache of this user. Into the registry it comes when the registry runs.
 * @type {import('./run-steps.mjs').Step}
 */
export const makeStack = {
  name: 'stack',
  mend: 'Is the Debian mirror reachable (apt-get update), and is there room on the disk?',
  run: async ({ settings, found }) => {
    found.stackTar = await stackTar(settings);
    if (existsSync(found.stackTar)) return 'cached';
    mkdirSync(settings.cache, { recursive: true });
    const { makeStack } = await import('@berth/runtimes/stacks/make-stack');
    await makeStack({ tarPath: found.stackTar });
  },
};

/**
 * Where the tar of the newest stack is kept.
 * @param {import('./settings.mjs').Settings} settings
 */
export async function stackTar({ cache }) {
  const { berth13, stackRecipe } = await import('@berth/runtimes/stacks/berth-13');
  const recipe = createHash('sha256')
    .update(JSON.stringify([berth13, stackRecipe]))
    .digest('hex')
    .slice(0, 12);
  return join(cache, `stack-${berth13.name}-${recipe}.tar`);
}
