import { createHash } from 'node:crypto';

/** The current LTS of Node.js runs our processes; the npm package's newest version is of another line. */
export const nodeVersion = '24.21.0';

/**
 * What the platform image is made of, as data: Debian 13 by mmdebstrap, with the real parts and what our own processes
 * call. Hooks are mmdebstrap's `--customize-hook` lines: run by a shell on the host, "$1" is the new root.
 */
export const platformRecipe = {
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
      'libdeflate-tools',
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
  /** A server reads no manual; licences stay. */
  paths: [
    ...['path-exclude=/usr/share/man/*', 'path-exclude=/usr/share/info/*', 'path-exclude=/usr/share/locale/*'],
    ...['path-exclude=/usr/share/doc/*', 'path-include=/usr/share/doc/*/copyright'],
  ],
  hooks: [
    'chroot "$1" groupadd --gid 10001 berth',
    'chroot "$1" useradd --uid 10001 --gid 10001 --home-dir /tmp --no-create-home --shell /bin/bash berth',
    'rm -rf "$1/var/lib/postgresql/17"', // made by the package; ours is made in its volume
    // A new volume takes the owner of the directory that it is mounted over.
    'for d in git registry router scratch; do mkdir -p "$1/var/lib/berth/$d"; done',
    'mkdir -p "$1/opt/berth"',
    'chown -R 10001:10001 "$1/var/lib/berth"',
  ],
};

/** Names the image: another recipe, another image. */
export const platformImage = `berth/platform:${createHash('sha256')
  .update(JSON.stringify([platformRecipe, nodeVersion]))
  .digest('hex')
  .slice(0, 12)}`;
