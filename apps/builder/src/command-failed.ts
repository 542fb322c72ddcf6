import type { BuildCommand } from '@berth/buildpacks/build-plan';
import { type ErrorCode, UserError } from '@berth/domain/errors';
import type { JailResult } from '@berth/engine/interface';

const MiB = 1024 * 1024;

/** A command of the customer's ended with another code than 0; `tail` is the last of what it printed. */
export class CommandFailedError extends UserError {
  /** false: it failed for a limit, and would again. */
  readonly mayBeRetried: boolean;

  constructor(command: BuildCommand, result: JailResult & { tail: string; memoryBytes: number }) {
    const { code, sentence } = describe(command, result);
    super(code, sentence, { detail: result.tail });
    this.mayBeRetried = code === 'build_failed';
  }
}

function describe(
  { title, argv, shown = argv[0] === 'sh' ? argv[2] : argv.join(' ') }: BuildCommand,
  {
    exitCode,
    isOutOfMemory,
    isDiskFull,
    isForkBomb,
    peakMemoryBytes,
    memoryBytes,
    tail,
  }: JailResult & { tail: string; memoryBytes: number },
): { code: ErrorCode; sentence: string } {
  const what = title.replace(/ \(.*/, '');
  if (isOutOfMemory) {
    const peak = peakMemoryBytes === null ? '' : ` (peak ${Math.round(peakMemoryBytes / MiB)} MiB)`;
    return {
      code: 'build_out_of_memory',
      sentence: `${what} was killed: needed more than ${Math.round(memoryBytes / MiB)} MiB${peak}.`,
    };
  }
  if (isForkBomb)
    return {
      code: 'build_fork_bomb',
      sentence: `${what} was killed: it went on starting processes beyond the build's limit.`,
    };
  if (isDiskFull) return { code: 'build_out_of_disk', sentence: `${what} failed: the build's disk is full.` };
  const hint = hintFor(tail);
  return {
    code: 'build_failed',
    sentence: `${what} failed: "${shown}" ended with exit code ${exitCode}.${hint ? ` ${hint}` : ''}`,
  };
}

function hintFor(tail: string): string | undefined {
  for (const { pattern, hint } of hints) {
    const match = pattern.exec(tail);
    if (match) return typeof hint === 'string' ? hint : hint(match);
  }
  return undefined;
}

/** What well-known outputs of package managers and compilers mean; only for the sentence, nothing branches on it. */
const hints: readonly { pattern: RegExp; hint: string | ((match: RegExpExecArray) => string) }[] = [
  {
    pattern: /can only install packages when your package\.json and package-lock\.json|npm error code EUSAGE/,
    hint: 'The lockfile does not fit package.json: run "npm install" and commit package-lock.json.',
  },
  {
    pattern: /ERR_PNPM_OUTDATED_LOCKFILE/,
    hint: 'The lockfile does not fit package.json: run "pnpm install" and commit pnpm-lock.yaml.',
  },
  {
    pattern: /Your lockfile needs to be updated|YN0028/,
    hint: 'The lockfile does not fit package.json: run "yarn install" and commit yarn.lock.',
  },
  {
    pattern: /connect (ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)|Connection timed out/,
    hint: 'A build reaches the internet and nothing private (docs/security.md).',
  },
  { pattern: /npm error code E40[13]|ERR_PNPM_FETCH_40[13]/, hint: 'A package registry asks for a token.' },
  {
    pattern: /npm error code ETARGET|npm error code E404|ERR_PNPM_FETCH_404/,
    hint: 'A package or version does not exist in the registry.',
  },
  {
    pattern: /No matching distribution found|was not found in the package registry|there (is|are) no versions? of \S+/,
    hint: 'A package, or the version that is asked for, is not in the package index.',
  },
  {
    pattern: /The lockfile at `uv\.lock` needs to be updated/,
    hint: 'The lockfile does not fit pyproject.toml: run "uv lock" and commit uv.lock.',
  },
  {
    pattern: /pyproject\.toml changed significantly since poetry\.lock was last generated/,
    hint: 'The lockfile does not fit pyproject.toml: run "poetry lock" and commit poetry.lock.',
  },
  {
    pattern: /Pipfile\.lock is out-of-date/,
    hint: 'The lockfile does not fit the Pipfile: run "pipenv lock" and commit Pipfile.lock.',
  },
  {
    pattern: /fatal error: (\S+\.h): No such file or directory/,
    hint: ([, header]) =>
      `${header} is missing: the package has to be compiled and wants a library that builds do not have. Look for a version of it with a wheel.`,
  },
  {
    pattern: /STATIC_ROOT setting to a filesystem path/,
    hint: 'Set STATIC_ROOT in the settings, or the config var DISABLE_COLLECTSTATIC=1.',
  },
  { pattern: /^(ModuleNotFoundError: No module named .+)$/m, hint: ([, error]) => `${error}.` },
  {
    pattern: /heap out of memory/,
    hint: 'Node.js ran out of heap: NODE_OPTIONS=--max-old-space-size=… as a config var raises it.',
  },
  {
    pattern: /missing go\.sum entry|go: updates to go\.(mod|sum) needed/,
    hint: 'Run "go mod tidy" and commit go.sum.',
  },
  { pattern: /^(\S+\.go:\d+:\d+: .+)$/m, hint: (match) => `${match[1]!.trim()}.` },
  {
    pattern: /is not present in the lock file|lock file does not contain a compatible set of packages/,
    hint: 'The lockfile does not fit composer.json: run "composer update" and commit composer.lock.',
  },
  {
    pattern: /- (\S+) \S+ requires php (.+?) -> your php version \(([\d.]+)\)/,
    hint: ([, name, wish, version]) => `${name} needs PHP ${wish}; this is ${version}.`,
  },
  { pattern: /requires (ext-\S+) \S+ -> it is missing/, hint: ([, name]) => `Berth's PHP has no ${name}.` },
  { pattern: /curl error 6 while downloading/, hint: 'The server of the packages could not be found.' },
  { pattern: /^.*(PHP )?Parse error: +(.+ on line \d+)$/m, hint: ([, , where]) => `${where}.` },
  {
    pattern: /Script (.+) handling the \S+ event returned with error/,
    hint: ([, script]) => `It was the script ${script}.`,
  },
  {
    pattern: /can't be updated because frozen mode is set|in deployment mode after changing your Gemfile/,
    hint: 'The lockfile does not fit the Gemfile: run "bundle install" and commit Gemfile.lock.',
  },
  {
    pattern: /An error occurred while installing (\S+) \(([^)]+)\), and Bundler cannot continue/,
    hint: ([, name, version]) => `The gem ${name} ${version} could not be installed; what it said is above.`,
  },
  {
    pattern: /Could not find (\S+) in cached gems or installed locally/,
    hint: ([, gem]) =>
      `There is a vendor/cache, and ${gem} is not in it: run "bundle cache" and commit it, or remove the folder.`,
  },
  { pattern: /Could not reach host (\S+?)\. /, hint: ([, host]) => `The gem server ${host} does not answer.` },
  { pattern: /^rake aborted!\n(.+)$/m, hint: ([, reason]) => `Rake says: ${reason!.trim()}` },
  {
    pattern:
      /^(?:\[ERROR\] )?(?:\/workspace\/app\/|\/app\/)?(\S+\.(?:java|kt|groovy|scala)):(?:\[(\d+),\d+\]|(\d+): error:) (.+)$/m,
    hint: ([, path, line, lineOfGradle, what]) => `${path}:${line ?? lineOfGradle}: ${what!.trim()}.`,
  },
  {
    pattern: /Could not (?:find|transfer) artifact (\S+) (?:in|from)/,
    hint: ([, artifact]) => `The Maven repository did not give ${artifact}.`,
  },
  {
    pattern: /\/(gradle-[^/\s]+\.zip)\s[\s\S]*(?:UnknownHost|Connect|SocketTimeout|FileNotFound|SSLHandshake)Exception/,
    hint: ([, archive]) =>
      `The Gradle of the wrapper could not be fetched: whoever runs this Berth sets BERTH_GRADLE_DISTRIBUTIONS to a place that has ${archive}.`,
  },
  {
    pattern: /No matching toolchains found|Cannot find a Java installation on your machine/,
    hint: 'Gradle looks for a Java that is not there: name the one of this build in its toolchain, or leave the toolchain out.',
  },
  {
    pattern: /--locked was passed/,
    hint: 'Cargo.lock does not fit Cargo.toml: run "cargo build" and commit Cargo.lock.',
  },
  {
    pattern: /^error(?:\[E\d+\])?: (.+)\n +--> (?:\/app\/)?(\S+:\d+):\d+$/m,
    hint: ([, what, where]) => `${where}: ${what}.`,
  },
  {
    pattern: /requires rustc (\d+\.\d+(?:\.\d+)?)/,
    hint: ([, version]) => `A crate needs Rust ${version}: say rust-version = "${version}" in Cargo.toml.`,
  },
  {
    pattern: /The system library `(\S+)` required by crate `(\S+)` was not found/,
    hint: ([, library, crate]) => `The crate ${crate} needs the library ${library}, which builds do not have.`,
  },
];
