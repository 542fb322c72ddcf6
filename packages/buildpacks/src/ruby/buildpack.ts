import type { Sources } from '@berth/runtimes/sources';
import type { Buildpack } from '../buildpack.js';
import { npmEnv } from '../node/npm-env.js';
import type { SourceView } from '../source-view.js';
import { readGemLock } from './lockfile.js';
import { planRuby } from './plan.js';
import { settingName } from './plan-dependencies.js';

/** Ruby apps: anything with a Gemfile. */
export const rubyBuildpack: Buildpack = {
  name: 'ruby',
  looksFor: 'Gemfile (Ruby)',
  detect: ({ paths }) => paths.includes('Gemfile'),
  decisive: ['Gemfile', 'Gemfile.lock', '.ruby-version', '.tool-versions'],
  plan: planRuby,
  sourceEnv: (sources, view) => ({ ...npmEnv(sources, view), ...mirrorEnv(sources, view) }),
};

/** Points Bundler at our mirror of RubyGems, and leaves other servers of the app alone. */
function mirrorEnv({ rubygems }: Sources, { texts }: SourceView): Record<string, string> {
  if (!rubygems) return {};
  const { remotes } = readGemLock(texts['Gemfile.lock'] ?? '');
  const isPublic = (remote: string) => /^https?:\/\/rubygems\.[a-z]+\/?$/.test(remote);
  return Object.fromEntries(
    remotes.filter(isPublic).map((remote) => [`BUNDLE_MIRROR__${settingName(remote.replace(/\/?$/, '/'))}`, rubygems]),
  );
}
