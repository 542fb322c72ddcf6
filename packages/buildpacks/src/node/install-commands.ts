import type { BuildCommand } from '../build-plan.js';
import type { PackageManager } from './package-manager.js';
import type { Member } from './workspaces.js';

/** The three ways to install with one package manager. */
interface InstallCommands {
  all: BuildCommand;
  production: BuildCommand;
  prune: BuildCommand;
  isLockfileAtFault?: BuildCommand['argv'];
}

const install = (argv: BuildCommand['argv'], shown: string, env: Record<string, string>): BuildCommand => ({
  title: `Installing dependencies (${shown})`,
  argv,
  env,
});
const prune = (argv: BuildCommand['argv'], env: Record<string, string>): BuildCommand => ({
  title: 'Removing dev dependencies',
  argv,
  env,
});

const npmEnv = {
  npm_config_cache: '/cache/npm',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
  npm_config_prefer_offline: 'true',
};
const pnpmEnv = {
  npm_config_store_dir: '/cache/pnpm',
  npm_config_package_import_method: 'copy',
  npm_config_confirm_modules_purge: 'false',
  npm_config_update_notifier: 'false',
  npm_config_manage_package_manager_versions: 'false',
  npm_config_prefer_offline: 'true',
};
const bunEnv = { BUN_INSTALL_CACHE_DIR: '/cache/bun', DO_NOT_TRACK: '1' };
const yarn1Env = { YARN_CACHE_FOLDER: '/cache/yarn1', YARN_ENABLE_TELEMETRY: '0' };
/** Plug'n'Play would need its loader at run time too; node_modules is what the layers are cut along. */
const yarn2Env = {
  YARN_GLOBAL_FOLDER: '/cache/yarn2',
  YARN_ENABLE_TELEMETRY: '0',
  YARN_NODE_LINKER: 'node-modules',
  YARN_ENABLE_GLOBAL_CACHE: 'true',
};

/** bun removes nothing from a tree that is there. Its arguments are the install. */
const installAnew = 'rm -rf node_modules && exec "$@"';

/**
 * Exit codes are 1 for everything: what was wrong is in what a package manager prints as JSON, one value (npm) or one a line.
 * Ends with 0 when `test` holds for one `said`.
 */
const says = (test: string, command: string): BuildCommand['argv'] => [
  'sh',
  '-c',
  `${command} | node -e '
const text = require("node:fs").readFileSync(0, "utf8");
const values = [text, ...text.split("\\n")].flatMap((json) => { try { return [JSON.parse(json)]; } catch { return []; } });
process.exit(values.some((said) => ${test}) ? 0 : 1);
'`,
];

/** What {@link InstallCommands.isLockfileAtFault} asks. bun says it in words only. */
const lockfileQuestions = {
  npm: says('said?.error?.code === "EUSAGE"', 'npm ci --dry-run --json --ignore-scripts 2>/dev/null'),
  // With `.pnpmfile.cjs`: its hash is in the lockfile, and its hooks change what that is compared with.
  pnpm: says(
    'said?.code === "ERR_PNPM_OUTDATED_LOCKFILE"',
    'pnpm install --frozen-lockfile --lockfile-only --ignore-scripts --reporter=ndjson 2>/dev/null',
  ),
  // It has no codes; it is the one error of its that names the option, and yarn 1 is not changed any more.
  yarn1: says(
    'said?.type === "error" && String(said.data).includes("--frozen-lockfile")',
    'yarn install --frozen-lockfile --non-interactive --ignore-scripts --json 2>&1',
  ),
  yarn2: says(
    'said?.type === "error" && said.displayName === "YN0028"',
    'yarn install --immutable --mode=skip-build --json 2>/dev/null',
  ),
};

/** Install steps by package manager; frozen to the lockfile when there is one. */
export function installCommands({ kind, lockfile }: PackageManager): InstallCommands {
  switch (kind) {
    case 'npm': {
      const verb = lockfile ? ['ci'] : ['install', '--no-package-lock'];
      const shown = lockfile ? 'npm ci' : 'npm install';
      return {
        all: install(['npm', ...verb, '--include=dev'], shown, npmEnv),
        production: install(['npm', ...verb, '--omit=dev'], shown, npmEnv),
        prune: prune(
          ['npm', 'prune', '--omit=dev', '--ignore-scripts', ...(lockfile ? [] : ['--no-package-lock'])],
          npmEnv,
        ),
        ...(lockfile ? { isLockfileAtFault: lockfileQuestions.npm } : {}),
      };
    }
    case 'pnpm': {
      const frozen = lockfile ? '--frozen-lockfile' : '--no-lockfile';
      return {
        all: install(['pnpm', 'install', frozen, '--prod=false'], 'pnpm install', pnpmEnv),
        production: install(['pnpm', 'install', frozen, '--prod'], 'pnpm install', pnpmEnv),
        prune: prune(['pnpm', 'install', frozen, '--prod', '--ignore-scripts'], pnpmEnv),
        ...(lockfile ? { isLockfileAtFault: lockfileQuestions.pnpm } : {}),
      };
    }
    case 'yarn1': {
      const frozen = lockfile ? ['--frozen-lockfile'] : ['--no-lockfile'];
      const base = ['yarn', 'install', ...frozen, '--non-interactive'] as [string, ...string[]];
      return {
        all: install([...base, '--production=false'], 'yarn install', yarn1Env),
        production: install([...base, '--production=true'], 'yarn install', yarn1Env),
        prune: prune([...base, '--production=true', '--ignore-scripts', '--prefer-offline'], yarn1Env),
        ...(lockfile ? { isLockfileAtFault: lockfileQuestions.yarn1 } : {}),
      };
    }
    case 'bun': {
      const frozen = lockfile ? ['--frozen-lockfile'] : ['--no-save'];
      const base = ['bun', 'install', ...frozen] as [string, ...string[]];
      const production = [...base, '--production'] as [string, ...string[]];
      return {
        all: install(base, 'bun install', bunEnv),
        production: install(production, 'bun install', bunEnv),
        prune: {
          ...prune(['sh', '-c', installAnew, 'prune', ...production, '--ignore-scripts'], bunEnv),
          shown: `rm -rf node_modules && ${production.join(' ')} --ignore-scripts`,
        },
      };
    }
    case 'yarn2': {
      // In CI it would refuse to write the lockfile that is not there.
      const env = lockfile ? yarn2Env : { ...yarn2Env, YARN_ENABLE_IMMUTABLE_INSTALLS: 'false' };
      const focus = ['yarn', 'workspaces', 'focus', '--all', '--production'] as [string, ...string[]];
      return {
        all: install(['yarn', 'install', ...(lockfile ? ['--immutable'] : [])], 'yarn install', env),
        production: install(focus, 'yarn workspaces focus --production', env),
        prune: prune(focus, env),
        ...(lockfile ? { isLockfileAtFault: lockfileQuestions.yarn2 } : {}),
      };
    }
  }
}

/** How a script of package.json is run with a package manager. */
export function runScript({ tool }: PackageManager, script: string): BuildCommand['argv'] {
  return [tool.name, 'run', script];
}

/** How a script of one workspace is run from the top of the repository. */
export function runIn({ kind }: PackageManager, { path, manifest }: Member, script: string): BuildCommand['argv'] {
  switch (kind) {
    case 'npm':
      return ['npm', 'run', script, `--workspace=${path}`];
    case 'pnpm':
      return ['pnpm', '--dir', path, 'run', script];
    case 'yarn1':
      return ['yarn', '--cwd', path, 'run', script];
    case 'yarn2':
      return ['yarn', 'workspace', manifest.name ?? path, 'run', script];
    case 'bun':
      return ['bun', 'run', `--cwd=${path}`, script];
  }
}

/** How a command of an installed package is run; it is in PATH already when the package manager links it there. */
export function runTool({ kind }: PackageManager, argv: readonly [string, ...string[]]): BuildCommand['argv'] {
  return kind === 'yarn2' ? ['yarn', 'run', ...argv] : [...argv];
}
