import type { LayerEntry } from '@berth/images/layer';
import { type PushedImage, pushImage } from '@berth/images/push-image';
import { readImage } from '@berth/images/read-image';
import type { Registry } from '@berth/images/registry';
import { writeLayer } from '@berth/images/write-layer';
import type { Sources } from '../sources.js';
import { compileStandardLibrary } from './compile-standard-library.js';
import { fetchToolchain, isProgram } from './fetch-toolchain.js';
import { overlayFile, patchNetHttp } from './patch-net-http.js';
import type { ModuleFile } from './read-module-zip.js';

/** Raised when the layer is made in another way. */
const recipe = '3';
const owner = { uid: 0, gid: 0 };

export const goRoot = 'opt/berth/runtimes/go';
/** What builds read in place of files of the toolchain, so that programs carry the environment's mark. */
const goOverlay = 'opt/berth/runtimes/go-overlay';
export const goOverlayFile = `/${goOverlay}/overlay.json`;
/** Compiled for `goBuildEnv`, with the overlay: what a new cache begins with. */
export const goStandardLibrary = 'opt/berth/runtimes/go-cache';

/** Says of a toolchain whether there is an overlay for it: `net/http` or `none`. */
const overlayLabel = 'berth.overlay';
export const hasOverlay = ({ config }: PushedImage): boolean => config.labels[overlayLabel] === 'net/http';

/** Without cgo a binary needs no library of the stack; CGO_ENABLED=1 as a config var brings it back. */
export const goBuildEnv = {
  GOTOOLCHAIN: 'local',
  GOTELEMETRY: 'off',
  CGO_ENABLED: '0',
  GOFLAGS: '-modcacherw -buildvcs=false',
};

/**
 * Makes sure that `tool/go:<version>` (two layers: the toolchain in /opt/berth/runtimes/go, and its standard library
 * compiled, with the overlay that it was compiled with) is in the registry; the label berth.overlay says whether there is an
 * overlay for this toolchain. About half a minute the first time.
 */
export async function ensureGoToolchain(
  { registry, sources }: { registry: Registry; sources: Sources },
  version: string,
): Promise<PushedImage> {
  const known = await readImage(registry, 'tool/go', version);
  if (known?.config.labels['berth.recipe'] === recipe) return known;
  const files = await fetchToolchain(sources, version);
  const needed = files.filter(({ path }) => isNeeded(path));
  const overlay = await patchNetHttp((path) => needed.find((one) => one.path === path)?.content.toString());
  const compiled = await compileStandardLibrary(needed, { overlay, target: goStandardLibrary, env: goBuildEnv });
  const layers = [await writeLayer(needed.map(toEntry)), await writeLayer([...compiled, ...overlayEntries(overlay)])];
  return await pushImage(registry, {
    repository: 'tool/go',
    tag: version,
    layers: layers.map((layer) => ({ layer })),
    config: {
      env: {},
      labels: {
        ...{ 'berth.tool': 'go', 'berth.version': version, 'berth.recipe': recipe },
        [overlayLabel]: overlay ? 'net/http' : 'none',
      },
    },
  }).finally(() => Promise.all(layers.map((layer) => layer.dispose())));
}

/** Tests and examples of the standard library and its documentation are half of the files. */
function isNeeded(path: string): boolean {
  return !/^(api|doc|test)\/|(^|\/)testdata\/|^src\/.*_test\.go$/.test(path);
}

function toEntry({ path, content }: ModuleFile): LayerEntry {
  const mode = isProgram(path) ? 0o755 : 0o644;
  return { path: `${goRoot}/${path}`, type: 'file', mode, ...owner, content, sizeBytes: content.length };
}

function overlayEntries(overlay: ReadonlyMap<string, string> | undefined): LayerEntry[] {
  if (!overlay) return [];
  const places = { root: `/${goRoot}`, overlay: `/${goOverlay}` };
  const files = [...overlay, ['overlay.json', overlayFile(overlay.keys(), places)] as const];
  return files.map(([path, text]) => {
    const content = Buffer.from(text);
    return { path: `${goOverlay}/${path}`, type: 'file', mode: 0o644, ...owner, content, sizeBytes: content.length };
  });
}
