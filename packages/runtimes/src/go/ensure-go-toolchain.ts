import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LayerEntry } from '@berth/images/layer';
import { type PushedImage, pushImage } from '@berth/images/push-image';
import { readImage } from '@berth/images/read-image';
import type { Registry } from '@berth/images/registry';
import { writeLayer } from '@berth/images/write-layer';
import type { Sources } from '../sources.js';
import { compileStandardLibrary } from './compile-standard-library.js';
import { goProxyOf } from './go-module-proxy.js';
import { fetchModuleHash, fetchModuleZip, fetchVersions } from './go-proxy.js';
import { goVersionsOf } from './go-version.js';
import { type ModuleFile, readModuleZip } from './read-module-zip.js';

/** Raised when the layer is made in another way. */
const recipe = '2';
const owner = { uid: 0, gid: 0 };
const module = 'golang.org/toolchain';

export const goRoot = 'opt/berth/runtimes/go';
/** Compiled for `goBuildEnv`: what a new cache begins with. */
export const goStandardLibrary = 'opt/berth/runtimes/go-cache';

/** Without cgo a binary needs no library of the stack; CGO_ENABLED=1 as a config var brings it back. */
export const goBuildEnv = {
  GOTOOLCHAIN: 'local',
  GOTELEMETRY: 'off',
  CGO_ENABLED: '0',
  GOFLAGS: '-modcacherw -buildvcs=false',
};

const limits = { bytesMax: 1024 ** 3, entriesMax: 50_000 };
const zipBytesMax = 256 * 1024 ** 2;

/** Every version of Go that the module proxy has a toolchain of. */
export async function listGoVersions(sources: Sources): Promise<string[]> {
  return goVersionsOf(await fetchVersions(await goProxyOf(sources), module));
}

/**
 * Makes sure that `tool/go:<version>` (two layers: the toolchain in /opt/berth/runtimes/go, and its standard library
 * compiled) is in the registry. The toolchain is a module of the proxy like any other, checked against the checksum database.
 * About half a minute the first time.
 */
export async function ensureGoToolchain(
  { registry, sources }: { registry: Registry; sources: Sources },
  version: string,
): Promise<PushedImage> {
  const known = await readImage(registry, 'tool/go', version);
  if (known?.config.labels['berth.recipe'] === recipe) return known;
  const files = await fetchToolchain(sources, version);
  const entries = files.filter(({ path }) => isNeeded(path)).map(toEntry);
  const places = { root: goRoot, target: goStandardLibrary, env: goBuildEnv };
  const layers = [await writeLayer(entries), await writeLayer(await compileStandardLibrary(entries, places))];
  return await pushImage(registry, {
    repository: 'tool/go',
    tag: version,
    layers: layers.map((layer) => ({ layer })),
    config: { env: {}, labels: { 'berth.tool': 'go', 'berth.version': version, 'berth.recipe': recipe } },
  }).finally(() => Promise.all(layers.map((layer) => layer.dispose())));
}

async function fetchToolchain(sources: Sources, goVersion: string): Promise<ModuleFile[]> {
  const version = `v0.0.1-go${goVersion}.linux-amd64`;
  const proxy = await goProxyOf(sources);
  const cachePath = sources.cacheDir && join(sources.cacheDir, 'go', `toolchain-${goVersion}.zip`);
  const cached = cachePath ? await readFile(cachePath).catch(() => undefined) : undefined;
  const zip = cached ?? (await fetchModuleZip(proxy, { module, version, bytesMax: zipBytesMax }));
  const hash = (all: readonly ModuleFile[]) =>
    fetchModuleHash(proxy, { database: checksumDatabaseOf(all), module, version });
  const files = await readModuleZip(zip, { prefix: `${module}@${version}`, hash }, limits);
  if (cachePath && !cached) await keep(cachePath, zip);
  return files;
}

/** The database that this toolchain itself asks (go.env, GOSUMDB); the proxy answers for it. */
function checksumDatabaseOf(files: readonly ModuleFile[]): string {
  const env = files.find(({ path }) => path === 'go.env')?.content.toString() ?? '';
  const database = /^GOSUMDB=([\w.-]+)/m.exec(env)?.[1];
  if (!database) throw new Error('the Go toolchain names no checksum database');
  return database;
}

/** Tests and examples of the standard library and its documentation are half of the files. */
function isNeeded(path: string): boolean {
  return !/^(api|doc|test)\/|(^|\/)testdata\/|^src\/.*_test\.go$/.test(path);
}

/** A zip has no modes (golang.org/toolchain's own rule: bin and pkg/tool are executable). */
function toEntry({ path, content }: ModuleFile): LayerEntry {
  const mode = /^(bin|pkg\/tool\/[^/]+)\/[^/]+$/.test(path) ? 0o755 : 0o644;
  return { path: `${goRoot}/${path}`, type: 'file', mode, ...owner, content, sizeBytes: content.length };
}

async function keep(path: string, bytes: Buffer): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(`${path}.${process.pid}`, bytes);
  await rename(`${path}.${process.pid}`, path);
}
