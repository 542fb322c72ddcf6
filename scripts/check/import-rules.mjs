/**
 * Who may import whom (DESIGN: "Imports"), by room: the first two parts of a path. A room may import itself and these.
 * `packages/images#registry` is one file (or the files that begin so) of a room and no more of it.
 * @type {Record<string, string[]>}
 */
export const mayImport = {
  'packages/domain': [],
  'packages/daemon': ['packages/domain'],
  'packages/logs': ['packages/domain'],
  'packages/db': ['packages/domain'],
  'packages/jobs': ['packages/domain', 'packages/db'],
  'packages/platform': ['packages/domain', 'packages/db', 'packages/jobs', 'packages/logs'],
  'packages/images': ['packages/domain', 'packages/daemon'],
  'packages/runtimes': ['packages/domain', 'packages/daemon', 'packages/images'],
  'packages/buildpacks': ['packages/domain', 'packages/runtimes'],
  'packages/propagation': ['packages/domain', 'packages/daemon', 'packages/images', 'packages/runtimes'],
  'packages/engine': ['packages/domain', 'packages/daemon'],
  'packages/router': ['packages/domain'],
  'packages/tunnel': [],
  'apps/git': [...everyApp(), 'packages/images'],
  'apps/builder': [
    ...everyApp(),
    'packages/images',
    'packages/buildpacks',
    'packages/runtimes',
    'packages/propagation',
    ...engineClient('build'),
  ],
  'apps/releaser': [...everyApp(), 'packages/images', ...engineClient('release')],
  'apps/host': [
    'packages/domain',
    'packages/daemon',
    'packages/logs',
    'packages/engine',
    'packages/images#pull-tokens',
    'packages/images#foreign-registry',
  ],
  'apps/router': [...everyApp(), 'packages/router'],
  'apps/api': [
    ...everyApp(),
    'packages/images',
    'packages/tunnel',
    'packages/propagation#go-import',
    ...engineClient('attach'),
  ],
  'apps/cli': ['packages/tunnel'],
  'apps/dashboard': ['packages/domain', 'packages/daemon', 'packages/logs', 'packages/platform'],
};

/**
 * What may not be reached at all, by no chain of imports.
 * @type {{ from: string[], to: RegExp, why: string }[]}
 */
export const mayNotReach = [
  {
    from: ['apps/git', 'apps/dashboard'],
    to: /^packages\/engine\//,
    why: 'git and the dashboard never get the engine',
  },
  {
    from: ['apps/builder', 'apps/releaser', 'apps/api'],
    to: /^packages\/engine\/src\/docker\/|^npm:dockerode$/,
    why: 'only apps/host has Docker; the others have a client of its socket',
  },
  {
    from: ['packages/platform'],
    to: /^packages\/(engine|router|images|runtimes|buildpacks)\//,
    why: 'use cases know rows and jobs, no engine, router or images',
  },
  { from: ['packages/domain'], to: /^npm:node:(fs|net|http|child_process)/, why: 'the domain is pure' },
];

/** Only these may import packages/db: everybody else calls use cases. */
export const mayImportDb = ['packages/platform', 'packages/jobs', 'packages/db'];

function everyApp() {
  return ['packages/domain', 'packages/daemon', 'packages/jobs', 'packages/logs', 'packages/platform'];
}

/** @param {string} caller */
function engineClient(caller) {
  const shapes = ['interface', 'host-usage', 'host-disk', 'add-on-specs'].map((name) => `packages/engine#${name}`);
  return [`packages/engine#${caller}-client`, ...shapes];
}
