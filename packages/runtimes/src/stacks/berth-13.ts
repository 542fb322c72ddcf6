/** The default stack: Debian 13, small, with what every runtime of ours needs. A change makes a new stack at the next start. */
export const berth13 = {
  name: 'berth-13',
  suite: 'trixie',
  /** Beside mmdebstrap's minbase. libatomic1: Node 26 does not start without it; curl and openssl: as on Heroku's stacks. */
  packages: ['ca-certificates', 'curl', 'libatomic1', 'openssl', 'tini', 'tzdata'],
  /** dpkg's path-exclude and path-include, in this order. */
  paths: [
    'path-exclude=/usr/share/man/*',
    'path-exclude=/usr/share/info/*',
    'path-exclude=/usr/share/locale/*',
    'path-exclude=/usr/share/lintian/*',
    'path-exclude=/usr/share/bug/*',
    'path-exclude=/usr/share/doc/*',
    'path-include=/usr/share/doc/*/copyright',
  ],
} as const;

/** Raised when the layer is made in another way. */
export const stackRecipe = '1';

export const stackRepository = `stack/${berth13.name}`;
