import { UserError } from '@berth/domain/errors';
import type { LayerEntry } from '@berth/images/layer';
import semver from 'semver';
import { type DebianLayer, ensureDebianLayer } from '../debian/ensure-debian-layer.js';
import { ensureToolchain } from '../debian/ensure-toolchain.js';
import { link } from '../debian/link.js';
import { pushDebianBuildImage } from '../debian/push-debian-build-image.js';
import { pushDebianRuntime } from '../debian/push-debian-runtime.js';
import { upstreamVersion } from '../debian/upstream-version.js';
import { ensureNodeTools, nodeToolsPath } from '../node/ensure-node-tools.js';
import type { Tool } from '../npm/tools.js';
import { ownRoot, readOwnFiles } from '../own-files.js';
import type { Runtime, RuntimeParts } from '../runtime.js';
import { composerRange } from './composer-range.js';
import { phpExtensionPackages } from './extensions.js';
import { linkPhp } from './link-php.js';

/** The branch of PHP that Debian 13 has. */
const branch = '8.4';
const composerHome = 'opt/berth/composer';

const env = {
  PATH: `/${ownRoot('php')}/bin:/usr/local/bin:/usr/bin:/bin:/app/vendor/bin`,
  LANG: 'C.UTF-8',
};
const buildEnv = {
  ...env,
  PATH: `${env.PATH}:${nodeToolsPath}`,
  COMPOSER_HOME: `/${composerHome}`,
  COMPOSER_CACHE_DIR: '/cache/composer',
  COMPOSER_NO_INTERACTION: '1',
  COMPOSER_MEMORY_LIMIT: '-1',
  COMPOSER_NO_AUDIT: '1',
  // What it takes anyway where there is no git, without a warning each time.
  COMPOSER_ROOT_VERSION: '1.0.0+no-version-set',
};

const ensurePhp = (parts: RuntimeParts): Promise<DebianLayer> =>
  ensureDebianLayer(parts, {
    name: 'php',
    packages: [...['fpm', 'cli', ...phpExtensionPackages].map((name) => `php${branch}-${name}`), 'nginx'],
    isShipped: true,
    link: { version: '1', entries: (files) => linkPhp(branch, files) },
  });

async function resolve(parts: RuntimeParts, wish: string | undefined): Promise<string> {
  const key = `php:${parts.stack.digest}`;
  const version = await parts.listing(key, async () => upstreamVersion(await ensurePhp(parts), `php${branch}-cli`));
  const range = wish === undefined ? '*' : semver.validRange(composerRange(wish));
  if (range === null)
    throw new UserError('bad_request', `${JSON.stringify(wish)} is not a version of PHP that we understand.`);
  if (!semver.satisfies(version, range))
    throw new UserError(
      'bad_request',
      `There is no PHP ${wish} on this stack. There is: ${version}; "php": ">=${branch}" or "^${branch}" in composer.json asks for it.`,
    );
  return version;
}

async function ensureRun(parts: RuntimeParts, version: string) {
  const debian = await ensurePhp(parts);
  // The commands that Heroku's Procfiles name.
  const commands = ['heroku-php-nginx', 'heroku-php-apache2'];
  const links = commands.map((name) => link(`${ownRoot('php')}/bin/${name}`, 'berth-php'));
  const own = [...(await readOwnFiles('php')), ...links];
  const abi = `${parts.stack.config.labels['berth.stack']}/php-${branch}`;
  return pushDebianRuntime(parts, { name: 'php', version, debian, own, env, abi });
}

async function ensureBuild(parts: RuntimeParts, version: string, tools: readonly Tool[]) {
  const [toolchain, runtime, php, node] = await Promise.all([
    ensureToolchain(parts),
    ensureRun(parts, version),
    ensurePhp(parts),
    ensureNodeTools(parts, tools),
  ]);
  const composer = await ensureDebianLayer(parts, {
    name: 'composer',
    packages: ['composer'],
    below: [toolchain, php],
    isShipped: false,
  });
  const own = [composerConfiguration(parts.sources.packagist)];
  return pushDebianBuildImage(parts, {
    ...{ name: 'php', version, toolchain, runtime, tools: [composer, ...node], own },
    env: buildEnv,
  });
}

/** Composer has no variable for a mirror: it is told in the configuration of its home (config.json, schema of Composer 2). */
function composerConfiguration(mirror: string | undefined): LayerEntry {
  const repositories = mirror ? { repositories: [{ type: 'composer', url: mirror }, { packagist: false }] } : {};
  const content = Buffer.from(`${JSON.stringify({ config: {}, ...repositories })}\n`);
  const path = `${composerHome}/config.json`;
  return { path, type: 'file', mode: 0o644, uid: 0, gid: 0, content, sizeBytes: content.length };
}

/** PHP of the stack's Debian packages: php-fpm behind nginx in one container (files/php). */
export const phpRuntime: Runtime = { title: 'PHP', isOnStack: true, resolve, ensureRun, ensureBuild };
