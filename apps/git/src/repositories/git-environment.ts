import type { Config } from '../config.js';

const MiB = 1024 * 1024;

/**
 * Git's own settings, given to every git process by its environment and not kept in the repositories, so that an upgrade
 * changes them all at once. The host's and the user's git configuration is not read.
 */
function settings(config: Config): [name: string, value: string][] {
  return [
    ['safe.directory', '*'],
    ['core.hooksPath', config.BERTH_GIT_HOOKS_DIR],
    // Every ref goes through our hook: nothing moves before the platform has said so.
    ['receive.procReceiveRefs', 'refs'],
    // A second wall behind our own counting (push/intake.ts), which says it in a plain sentence.
    ['receive.maxInputSize', String(config.BERTH_REPOSITORY_MAX_BYTES + MiB)],
    ['receive.advertiseAtomic', 'false'],
    ['receive.autogc', 'false'],
    ['gc.auto', '0'],
    ['maintenance.auto', 'false'],
    // Always a pack: it is written with fsync, loose objects are not (core.fsync).
    ['receive.unpackLimit', '1'],
    // Hostile objects are refused; what old but honest repositories have in them is not.
    ['receive.fsckObjects', 'true'],
    ['receive.fsck.zeroPaddedFilemode', 'ignore'],
    ['receive.fsck.missingSpaceBeforeDate', 'ignore'],
    ['receive.fsck.missingSpaceBeforeEmail', 'ignore'],
    ['receive.fsck.badTimezone', 'ignore'],
    ['receive.fsck.missingEmail', 'ignore'],
    ['receive.fsck.gitmodulesUrl', 'ignore'],
    ['uploadpack.allowFilter', 'true'],
    ['pack.threads', '1'],
    ['tar.umask', '0022'],
  ];
}

/** The whole environment of a git process of ours. */
export function gitEnvironment(config: Config, extra: Record<string, string | undefined> = {}): Record<string, string> {
  const env: Record<string, string> = {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: config.BERTH_GIT_DIR,
    LC_ALL: 'C.UTF-8',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
  };
  const pairs = settings(config);
  env.GIT_CONFIG_COUNT = String(pairs.length);
  pairs.forEach(([name, value], index) => {
    env[`GIT_CONFIG_KEY_${index}`] = name;
    env[`GIT_CONFIG_VALUE_${index}`] = value;
  });
  for (const [name, value] of Object.entries(extra)) if (value !== undefined) env[name] = value;
  return env;
}
