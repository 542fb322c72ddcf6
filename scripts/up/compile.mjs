import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { root } from './settings.mjs';
import { hashFiles, isStamped, stamp } from './stamps.mjs';

const isSource = (/** @type {string} */ name) =>
  /\.(ts|tsx|json|css|mjs|prisma|svg|ico|png)$/.test(name) && !name.endsWith('next-env.d.ts'); // that one Next writes itself

/**
 * Prisma's client, then TypeScript; each only when its sources changed.
 * @type {import('./run-steps.mjs').Step}
 */
export const compile = {
  name: 'compile',
  mend: 'A change of yours that does not compile? `npm run check` shows all of it.',
  run: async ({ log }) => {
    const schema = hashFiles(['prisma/schema.prisma', 'package-lock.json']);
    if (!isStamped('prisma', schema) || !existsSync(join(root, 'packages/db/src/generated'))) {
      await run(['npm', 'run', '-s', 'db:generate'], { cwd: root, onOutput: log });
      stamp('prisma', schema);
    }
    const sources = hashFiles(
      ['packages', 'apps', 'tsconfig.base.json', 'tsconfig.json', 'package-lock.json'],
      isSource,
    );
    const hash = `${schema} ${sources}`;
    if (isStamped('compile', hash) && existsSync(join(root, 'packages/domain/dist'))) return 'up to date';
    await run(['npx', 'tsc', '-b'], { cwd: root, onOutput: log });
    stamp('compile', hash);
  },
};

/**
 * Next's own build of the dashboard; it reads the compiled packages.
 * @type {import('./run-steps.mjs').Step}
 */
export const compileDashboard = {
  name: 'compile the dashboard',
  run: async ({ settings, log }) => {
    if (settings.isDev) return 'not for the development server';
    const hash = hashFiles(['apps/dashboard', 'packages', 'package-lock.json'], isSource);
    if (isStamped('dashboard', hash) && existsSync(join(root, 'apps/dashboard/.next/BUILD_ID'))) return 'up to date';
    await run(['npm', 'run', '-s', 'build', '-w', '@berth/app-dashboard'], {
      cwd: root,
      onOutput: log,
      env: { NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
    });
    stamp('dashboard', hash);
  },
};
