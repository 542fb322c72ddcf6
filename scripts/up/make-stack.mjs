import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrapArgv } from './bootstrap.mjs';
import { run } from './command.mjs';
import { hashOf, stackRecipe } from './recipes.mjs';

/**
 * The stack's file system as a tar in the cache. The push into the registry comes later, when the registry runs.
 * @type {import('./run-steps.mjs').Step}
 */
export const makeStack = {
  name: `stack ${stackRecipe.name}`,
  mend: 'Is the Debian mirror reachable (apt-get update), and is there room on the disk?',
  run: async ({ settings, found, log }) => {
    const file = join(settings.cache, `stack-${stackRecipe.name}-${hashOf(stackRecipe)}.tar`);
    found.stackTar = file;
    if (existsSync(file)) return 'cached';
    mkdirSync(settings.cache, { recursive: true });
    const partial = `${file}.${process.pid}.partial`;
    try {
      await run(await bootstrapArgv(stackRecipe, partial), { onOutput: log, env: { SOURCE_DATE_EPOCH: '1735689600' } });
      renameSync(partial, file);
    } finally {
      rmSync(partial, { force: true });
    }
  },
};
