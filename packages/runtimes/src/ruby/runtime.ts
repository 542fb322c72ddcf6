import { UserError } from '@berth/domain/errors';
import semver from 'semver';
import { type DebianLayer, ensureDebianLayer } from '../debian/ensure-debian-layer.js';
import { ensureToolchain } from '../debian/ensure-toolchain.js';
import { pushDebianBuildImage } from '../debian/push-debian-build-image.js';
import { pushDebianRuntime } from '../debian/push-debian-runtime.js';
import { upstreamVersion } from '../debian/upstream-version.js';
import { ensureNodeTools, nodeToolsPath } from '../node/ensure-node-tools.js';
import type { Tool } from '../npm/tools.js';
import { ownRoot, readOwnFiles } from '../own-files.js';
import type { Runtime, RuntimeParts } from '../runtime.js';
import { rubyRange } from './ruby-range.js';

/** The branch of Ruby that Debian 13 has, and the version that compiled gems are bound to. */
const branch = '3.3';
const abiVersion = '3.3.0';

/** Bundler's settings are variables, the same in builds and in images: files of the app do not change where gems are. */
const env = {
  PATH: `/${ownRoot('ruby')}/bin:/usr/local/bin:/usr/bin:/bin:/app/bin:/app/vendor/bundle/ruby/${abiVersion}/bin`,
  LANG: 'C.UTF-8',
  BUNDLE_PATH: '/app/vendor/bundle',
  BUNDLE_WITHOUT: 'development:test',
  BUNDLE_DEPLOYMENT: '1',
  BUNDLE_IGNORE_CONFIG: '1',
  // The Bundler of the runtime, whatever version wrote the lockfile: another one would be fetched at every start.
  BUNDLE_VERSION: 'system',
  MALLOC_ARENA_MAX: '2',
};
const buildEnv = {
  ...env,
  PATH: `${env.PATH}:${nodeToolsPath}`,
  BUNDLE_GLOBAL_GEM_CACHE: '1',
  BUNDLE_USER_CACHE: '/cache/bundler',
  BUNDLE_SILENCE_ROOT_WARNING: '1',
  BUNDLE_DISABLE_VERSION_CHECK: '1',
  MAKEFLAGS: '-j2',
};

/** Libraries that gems with compiled parts link, beside those of the stack: pg, mysql2, and what Ruby itself has. */
const libraries = ['libpq5', 'libmariadb3', 'libsqlite3-0', 'libxml2', 'libxslt1.1', 'libffi8'];
const headers = [
  'libpq-dev',
  'libmariadb-dev',
  'libsqlite3-dev',
  'libxml2-dev',
  'libxslt1-dev',
  'libyaml-dev',
  'libffi-dev',
  'zlib1g-dev',
  'libssl-dev',
];

const ensureRuby = (parts: RuntimeParts): Promise<DebianLayer> =>
  ensureDebianLayer(parts, { name: 'ruby', packages: ['ruby', 'ruby-bundler', ...libraries], isShipped: true });

async function resolve(parts: RuntimeParts, wish: string | undefined): Promise<string> {
  const key = `ruby:${parts.stack.digest}`;
  const version = await parts.listing(key, async () => upstreamVersion(await ensureRuby(parts), `ruby${branch}`));
  const range = wish === undefined ? '*' : semver.validRange(rubyRange(wish));
  if (range === null)
    throw new UserError('bad_request', `${JSON.stringify(wish)} is not a version of Ruby that we understand.`);
  if (!semver.satisfies(version, range))
    throw new UserError(
      'bad_request',
      `There is no Ruby ${wish} on this stack. There is: ${version}; ruby "~> ${branch}.0" in the Gemfile asks for it and its patches.`,
    );
  return version;
}

async function ensureRun(parts: RuntimeParts, version: string) {
  const [debian, own] = await Promise.all([ensureRuby(parts), readOwnFiles('ruby')]);
  const abi = `${parts.stack.config.labels['berth.stack']}/ruby-${abiVersion}`;
  return pushDebianRuntime(parts, { name: 'ruby', version, debian, own, env, abi });
}

async function ensureBuild(parts: RuntimeParts, version: string, tools: readonly Tool[]) {
  const [toolchain, runtime, ruby, node] = await Promise.all([
    ensureToolchain(parts),
    ensureRun(parts, version),
    ensureRuby(parts),
    ensureNodeTools(parts, tools),
  ]);
  const development = await ensureDebianLayer(parts, {
    name: 'ruby-dev',
    packages: ['ruby-dev', ...headers],
    below: [toolchain, ruby],
    isShipped: false,
  });
  return pushDebianBuildImage(parts, {
    ...{ name: 'ruby', version, toolchain, runtime, tools: [development, ...node] },
    env: buildEnv,
  });
}

/** Ruby of the stack's Debian packages. */
export const rubyRuntime: Runtime = { title: 'Ruby', isOnStack: true, resolve, ensureRun, ensureBuild };
