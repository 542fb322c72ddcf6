import semver from 'semver';
import { nodeDefaultMajor } from '../node/node-version.js';

/**
 * A build tool that comes beside a runtime: a package of the npm registry, `gradle`, which is Debian's, or `node` where the
 * runtime is another one and Node.js makes files for browsers; its version is what the app wishes.
 */
export interface Tool {
  name: 'npm' | 'pnpm' | 'yarn' | 'bun' | 'gradle' | 'node';
  version: string;
}

/** What the tool's package is called and which files are its commands. */
export const toolPackages: Record<
  Exclude<Tool['name'], 'gradle' | 'node'>,
  { package: (version: string) => string; commands: Record<string, string> }
> = {
  npm: { package: () => 'npm', commands: { npm: 'bin/npm-cli.js', npx: 'bin/npx-cli.js' } },
  pnpm: { package: () => 'pnpm', commands: { pnpm: 'bin/pnpm.cjs', pnpx: 'bin/pnpx.cjs' } },
  yarn: {
    package: (version) => (semver.major(version) === 1 ? 'yarn' : '@yarnpkg/cli-dist'),
    commands: { yarn: 'bin/yarn.js' },
  },
  // The package with the binary itself: the one called bun only fetches it by an install script.
  bun: { package: () => '@oven/bun-linux-x64', commands: { bun: 'bin/bun', bunx: 'bin/bun' } },
};

/** Fixed, so that the same Node version always means the same runtime layer. */
export function npmFor(nodeVersion: string): string {
  return semver.satisfies(nodeVersion, '^20.17.0 || >=22.9.0') ? '11.6.2' : '10.9.4';
}

/** What an app gets that names no version of its package manager. */
export const toolDefaults: Record<Tool['name'], string> = {
  npm: '11.6.2',
  pnpm: '10.20.0',
  yarn: '1.22.22',
  bun: '1.4.5',
  gradle: '4.4.1',
  node: nodeDefaultMajor,
};
