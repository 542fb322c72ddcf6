import type { LayerEntry } from '@berth/images/layer';
import { type PushedImage, pushImage } from '@berth/images/push-image';
import { writeLayer } from '@berth/images/write-layer';
import { runtimes } from '../catalogue.js';
import { link } from '../debian/link.js';
import { goRoot } from '../go/ensure-go-toolchain.js';
import { nodeRoot } from '../node/ensure-node-runtime.js';
import { ownRoot, readOwnFiles } from '../own-files.js';
import type { RuntimeParts } from '../runtime.js';
import type { MirrorWish } from './mirror-names.js';
import { pipEntries } from './pip-entries.js';
import { siteEntries } from './site-layer.js';

const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Where builds by Dockerfile find base images; the only repositories that a jail may read. */
export const mirrorRepository = (repository: string): string => `mirror/${repository}`;

/**
 * Makes sure that our answer to a public image (`node:22`) is in the registry below mirror/: stack, runtime or toolchain, and
 * the installation's own settings. Root is its user, as in the public images: a RUN may install packages.
 */
export async function ensureMirrorImage(parts: RuntimeParts, mirror: MirrorWish): Promise<PushedImage> {
  const { registry } = parts;
  const base = await baseOf(parts, mirror);
  const site = await writeLayer([...(await siteEntries(parts)), ...base.entries]);
  return pushImage(registry, {
    repository: mirrorRepository(mirror.repository),
    tag: mirror.tag,
    layers: [...base.layers, { layer: site }],
    config: {
      env: { ...base.env, PATH: withSystemPath(base.env.PATH) },
      cmd: base.cmd,
      ...(base.entrypoint ? { entrypoint: base.entrypoint } : {}),
      labels: { 'berth.mirror': base.title },
    },
  }).finally(site.dispose);
}

async function baseOf(parts: RuntimeParts, { runtime, wish, hasToolchain }: MirrorWish) {
  const layersOf = (image: PushedImage) => image.layers.map((layer) => ({ layer, from: image.repository }));
  const debian = { env: { PATH: systemPath, LANG: 'C.UTF-8' } as Record<string, string>, cmd: ['bash'] };
  const none = { entries: [], entrypoint: undefined };
  if (runtime === undefined) return { ...debian, ...none, title: stackTitle(parts), layers: layersOf(parts.stack) };
  const version = await runtimes[runtime].resolve(parts, wish);
  const run = await runtimes[runtime].ensureRun(parts, version);
  const build = hasToolchain ? await runtimes[runtime].ensureBuild(parts, version, []) : undefined;
  const layers = build ? layersOf(build) : [...layersOf(parts.stack), ...layersOf(run)];
  return {
    layers,
    env: { ...publicEnv((build ?? run).config.env), ...own[runtime]?.env(parts) },
    ...none,
    ...(runtime === 'static' ? { entries: await nginxEntries(), entrypoint: ['/docker-entrypoint.sh'] } : {}),
    ...(runtime === 'python' ? { entries: await pipEntries(parts, version) } : {}),
    ...(publicPlaces[runtime] ? { entries: publicPlaces[runtime] } : {}),
    cmd: own[runtime]?.cmd ?? ['bash'],
    title: `${runtimes[runtime].title} ${version} on ${stackTitle(parts)}`,
  };
}

const stackTitle = ({ stack }: RuntimeParts) => stack.config.labels['berth.stack'] ?? 'Debian 13';

/** Only what the public images say too: settings of our own builds (caches, where Bundler installs) would surprise a Dockerfile. */
function publicEnv(env: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name, value]) =>
        /^(PATH|LANG|.*_HOME|.*_(CA_CERTS|CERT_FILE|CA_BUNDLE|CERT|CAINFO))$/.test(name) && !value.startsWith('/cache'),
    ),
  );
}

/** What the public image of a runtime has beside the runtime. */
const own: Partial<Record<string, { env: (parts: RuntimeParts) => Record<string, string>; cmd?: string[] }>> = {
  // npm would leave what it compiled of itself in /tmp: half a megabyte in a layer, other bytes each time.
  node: { env: () => ({ NODE_DISABLE_COMPILE_CACHE: '1' }), cmd: ['node'] },
  python: { env: () => ({}), cmd: ['python3'] },
  static: { env: () => ({ PORT: '80' }), cmd: ['nginx', '-g', 'daemon off;'] },
  go: {
    env: ({ sources }) => ({
      PATH: `/go/bin:/${goRoot}/bin`,
      GOPATH: '/go',
      GOTOOLCHAIN: 'local',
      ...(sources.goProxy ? { GOPROXY: sources.goProxy } : {}),
    }),
  },
};

/** Where the public images have their programs: Dockerfiles copy them from there (`COPY --from=golang /usr/local/go …`). */
const publicPlaces: Partial<Record<string, LayerEntry[]>> = {
  node: ['node', 'npm', 'npx'].map((name) => link(`usr/local/bin/${name}`, `/${nodeRoot}/bin/${name}`)),
  go: [link('usr/local/go', `/${goRoot}`)],
};

/** Our configuration in the places of the public nginx image's (files/nginx). */
async function nginxEntries(): Promise<LayerEntry[]> {
  const places: Record<string, string> = { 'bin/docker-entrypoint': 'docker-entrypoint.sh' };
  const top = `${ownRoot('nginx')}/`;
  return (await readOwnFiles('nginx')).map((entry) => {
    const name = entry.path.slice(top.length);
    return { ...entry, path: places[name] ?? `etc/nginx/${name}` };
  });
}

function withSystemPath(path = ''): string {
  const parts = [...path.split(':'), ...systemPath.split(':')].filter(
    (part) => !/^$|^\/(app|cache)\/|-build\/bin$/.test(part),
  );
  return [...new Set(parts)].join(':');
}
