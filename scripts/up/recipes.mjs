import { createHash } from 'node:crypto';

/**
 * What our two images are made of, as data: the hash of a recipe names its result. Both are Debian 13 by mmdebstrap.
 * @typedef {object} Recipe
 * @property {string} name
 * @property {string} suite
 * @property {string[]} packages
 * @property {string[]} hooks mmdebstrap's `--customize-hook` lines: run by a shell on the host, "$1" is the new root
 */

/** Programs that Heroku's stacks have as well, and what our runtimes need (facts on libatomic1: Node 26). */
/** @type {Recipe} */
export const stackRecipe = {
  name: 'berth-13',
  suite: 'trixie',
  packages: [
    ...['bash', 'ca-certificates', 'curl', 'git', 'gzip', 'libatomic1', 'libsqlite3-0', 'netbase', 'openssh-client'],
    ...['openssl', 'patch', 'procps', 'tini', 'tzdata', 'unzip', 'xz-utils'],
  ],
  hooks: [
    ...userHooks('app'),
    'mkdir -p "$1/app" "$1/workspace" "$1/cache"',
    'chown 10001:10001 "$1/app" "$1/workspace" "$1/cache"',
  ],
};

/** The real parts and what our own processes call. */
/** @type {Recipe} */
export const platformRecipe = {
  name: 'platform',
  suite: 'trixie',
  packages: [
    ...[
      'bash',
      'ca-certificates',
      'curl',
      'dnsmasq-base',
      'docker-registry',
      'e2fsprogs',
      'git',
      'haproxy',
      'iproute2',
    ],
    ...[
      'isal',
      'libatomic1',
      'mount',
      'nftables',
      'openssh-client',
      'openssl',
      'postgresql-17',
      'procps',
      'redis-server',
    ],
    ...['tini', 'tzdata', 'util-linux'],
  ],
  hooks: [
    ...userHooks('berth'),
    'rm -rf "$1/var/lib/postgresql/17"',
    'for d in git registry router run; do mkdir -p "$1/var/lib/berth/$d"; done',
    'mkdir -p "$1/run/berth" "$1/run/berth-router" "$1/opt/berth"',
    'chown -R 10001:10001 "$1/var/lib/berth" "$1/run/berth" "$1/run/berth-router"',
  ],
};

/**
 * The unprivileged user of customers' code and of our processes: the same number everywhere.
 * @param {string} name
 */
function userHooks(name) {
  return [
    `chroot "$1" groupadd --gid 10001 ${name}`,
    `chroot "$1" useradd --uid 10001 --gid 10001 --home-dir /app --no-create-home --shell /bin/bash ${name}`,
  ];
}

/** Kept out of both images: a server reads no manual. Licences stay. */
export const leftOut = [
  ...['path-exclude=/usr/share/man/*', 'path-exclude=/usr/share/info/*', 'path-exclude=/usr/share/locale/*'],
  ...['path-exclude=/usr/share/doc/*', 'path-include=/usr/share/doc/*/copyright'],
];

/**
 * @param {Recipe} recipe
 * @param {string} [more] what else decides the result
 */
export const hashOf = (recipe, more = '') =>
  createHash('sha256')
    .update(JSON.stringify([recipe, leftOut, more]))
    .digest('hex')
    .slice(0, 12);
