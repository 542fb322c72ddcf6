import { appUser } from '@berth/images/layer';
import { type LayerSource, type PushedImage, pushImage } from '@berth/images/push-image';
import { writeLayer } from '@berth/images/write-layer';
import { ensureToolchain } from '../debian/ensure-toolchain.js';
import { jailEntries } from '../jail-entries.js';
import type { Runtime, RuntimeParts } from '../runtime.js';
import {
  ensureGoToolchain,
  goBuildEnv,
  goOverlayFile,
  goRoot,
  goStandardLibrary,
  hasOverlay,
} from './ensure-go-toolchain.js';
import { listGoVersions } from './fetch-toolchain.js';
import { pickGoVersion } from './go-version.js';

/** A binary needs nothing of Go at run time. */
const runEnv = { PATH: '/usr/local/bin:/usr/bin:/bin:/app/bin', LANG: 'C.UTF-8' };

/**
 * Modules and compiled packages stay on the app's cache disk. GOTOOLCHAIN=local: the version was chosen already, and its
 * name is part of the image.
 */
const buildEnv = {
  PATH: `/${goRoot}/bin:/cache/go/bin:/usr/local/bin:/usr/bin:/bin`,
  LANG: 'C.UTF-8',
  GOPATH: '/cache/go',
  GOMODCACHE: '/cache/go/mod',
  GOCACHE: '/cache/go/build',
  BERTH_GO_STANDARD_LIBRARY: `/${goStandardLibrary}`,
  ...goBuildEnv,
};

/** GOFLAGS is for build commands of the app's own; our command (packages/buildpacks) names the overlay itself. */
const overlayEnv = {
  BERTH_GO_OVERLAY: goOverlayFile,
  GOFLAGS: `${goBuildEnv.GOFLAGS} -overlay=${goOverlayFile}`,
};

async function ensureRun({ registry }: RuntimeParts, version: string): Promise<PushedImage> {
  return pushImage(registry, {
    repository: 'runtime/go',
    tag: version,
    layers: [],
    config: {
      env: runEnv,
      labels: {
        'berth.runtime': 'go',
        'berth.version': version,
        'berth.recipe': '1',
        'berth.abi': 'static',
        'berth.packages': '[]',
      },
    },
  });
}

async function ensureBuild(parts: RuntimeParts, version: string): Promise<PushedImage> {
  const { registry, stack, sources } = parts;
  const [compilers, go] = await Promise.all([ensureToolchain(parts), ensureGoToolchain(parts, version)]);
  const layersOf = (image: PushedImage) => image.layers.map((layer) => ({ layer, from: image.repository }));
  const layers: LayerSource[] = [
    ...layersOf(stack),
    compilers,
    ...layersOf(go),
    { layer: await writeLayer(jailEntries) },
  ];
  return pushImage(registry, {
    repository: 'build/go',
    tag: version,
    layers,
    config: {
      env: {
        ...buildEnv,
        ...(hasOverlay(go) ? overlayEnv : {}),
        ...(sources.goProxy ? { GOPROXY: sources.goProxy } : {}),
      },
      user: `${appUser.uid}:${appUser.gid}`,
      workingDir: '/workspace',
      labels: { 'berth.build': 'go', 'berth.version': version },
    },
  });
}

/** Go, from the Go module proxy. */
export const goRuntime: Runtime = {
  title: 'Go',
  isOnStack: false,
  resolve: async ({ sources, listing }, wish) =>
    pickGoVersion(wish, await listing('go', () => listGoVersions(sources))),
  ensureRun,
  ensureBuild,
};
