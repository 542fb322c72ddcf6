import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { root } from './settings.mjs';
import { hashFiles, isStamped, stamp } from './stamps.mjs';

/**
 * `npm ci`, when the lock file is another one than at the last time.
 * @type {import('./run-steps.mjs').Step}
 */
export const installNpmPackages = {
  name: 'npm packages',
  mend: 'Does `npm ping` answer? Behind a company proxy npm needs its settings in ~/.npmrc (registry, cafile, proxy).',
  run: async ({ log }) => {
    const hash = hashFiles(['package-lock.json', '.npmrc']);
    if (isStamped('npm', hash)) return 'up to date';
    // A developer's own `npm install` leaves the same mark of npm's: nothing is missing then.
    const argv = existsSync(join(root, 'node_modules/.package-lock.json')) ? ['npm', 'install'] : ['npm', 'ci'];
    await run([...argv, '--no-audit', '--no-fund', '--loglevel=http'], { cwd: root, onOutput: log });
    stamp('npm', hash);
  },
};
