import { UserError } from '@berth/domain/errors';
import type { BuildCommand, DependenciesPlan } from '../build-plan.js';
import type { SourceView } from '../source-view.js';
import { type GemLock, readGemLock } from './lockfile.js';

/** The app's Gemfile.lock; an app without one, or with one that is not for Linux, is refused, as at Heroku. */
export function gemLockOf({ texts }: SourceView): GemLock {
  const text = texts['Gemfile.lock'];
  if (text === undefined)
    throw new UserError('bad_request', 'There is no Gemfile.lock. Run "bundle install" and commit it.');
  if (/^(<{7}|={7}|>{7})/m.test(text))
    throw new UserError(
      'bad_request',
      'Gemfile.lock has the marks of a merge conflict in it. Run "bundle lock" and commit it.',
    );
  const lock = readGemLock(text);
  const isForLinux = lock.platforms.some((one) => /^(ruby|x86_64-linux(-gnu)?)$/.test(one));
  if (lock.platforms.length > 0 && !isForLinux)
    throw new UserError(
      'bad_request',
      `Gemfile.lock is not for Linux; its platforms are ${lock.platforms.join(', ')}. Run "bundle lock --add-platform x86_64-linux" and commit it.`,
    );
  return lock;
}

/** undefined: the app has no gems. */
export function planDependencies(view: SourceView, lock: GemLock): DependenciesPlan | undefined {
  if (lock.names.size === 0) return undefined;
  const notSharedBecause = reasonNotShared(view, lock);
  const command = installCommand(view, lock);
  return {
    files: notSharedBecause === undefined ? visibleFiles(view) : undefined,
    ...(notSharedBecause === undefined ? {} : { notSharedBecause }),
    configNames: configNames(view, lock),
    trees: ['vendor/bundle'],
    installAll: command,
    installProduction: command,
    prune: undefined,
  };
}

/** With every gem in vendor/cache no server is asked. */
function installCommand({ paths }: SourceView, { gems }: GemLock): BuildCommand {
  const isCached = gems.length > 0 && gems.every((gem) => paths.includes(`vendor/cache/${gem}.gem`));
  return {
    title: `Installing gems (bundle install${isCached ? ' --local' : ''})`,
    argv: ['bundle-install', ...(isCached ? ['--local'] : [])],
    shown: `bundle install${isCached ? ' --local' : ''}`,
    env: {},
  };
}

function reasonNotShared({ texts }: SourceView, { hasPath }: GemLock): string | undefined {
  if (hasPath) return 'the Gemfile takes gems from the repository itself';
  const word = /^\s*(eval_gemfile|gemspec|require_relative)\b/m.exec(texts.Gemfile ?? '')?.[1];
  return word === undefined ? undefined : `the Gemfile reads other files (${word})`;
}

const visible = ['Gemfile', 'Gemfile.lock', '.ruby-version', '.tool-versions'];

const visibleFiles = ({ paths }: SourceView) =>
  paths.filter((path) => visible.includes(path) || path.startsWith('vendor/cache/')).map((path) => ({ path }));

/** Passwords for servers, as Bundler's settings name them (`BUNDLE_GEMS__EXAMPLE__COM`), and what the Gemfile reads itself. */
function configNames({ texts }: SourceView, { remotes }: GemLock): string[] {
  const hosts = remotes.flatMap((remote) => /^(?:https?:\/\/|git@)([^/:@]+)/.exec(remote)?.[1] ?? []);
  const read = [...(texts.Gemfile ?? '').matchAll(/\bENV(?:\.fetch\(|\[)\s*["']([A-Za-z_][A-Za-z0-9_]*)["']/g)];
  const names = [...hosts.map((host) => `BUNDLE_${settingName(host)}`), ...read.map((match) => match[1]!)];
  return [...new Set(names)].sort();
}

/** How Bundler writes a setting as a variable (Bundler::Settings#key_for). */
export const settingName = (name: string): string => name.replaceAll('.', '__').replaceAll('-', '___').toUpperCase();
