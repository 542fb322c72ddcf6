import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sources } from '../sources.js';
import { goProxyOf } from './go-module-proxy.js';
import { fetchModuleHash, fetchModuleZip, fetchVersions } from './go-proxy.js';
import { goVersionsOf } from './go-version.js';
import { type ModuleFile, readModuleZip } from './read-module-zip.js';

const module = 'golang.org/toolchain';
const limits = { bytesMax: 1024 ** 3, entriesMax: 50_000 };
const zipBytesMax = 256 * 1024 ** 2;

/** What of the host's settings says where toolchains come from. */
type GoSources = Pick<Sources, 'goProxy' | 'apt' | 'cacheDir'>;

/** Every version of Go that the module proxy has a toolchain of. */
export async function listGoVersions(sources: GoSources): Promise<string[]> {
  return goVersionsOf(await fetchVersions(await goProxyOf(sources), module));
}

/** The files of a toolchain, a module of the proxy like any other, checked against the checksum database. */
export async function fetchToolchain(sources: GoSources, goVersion: string): Promise<ModuleFile[]> {
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

/** A zip has no modes (golang.org/toolchain's own rule: bin and pkg/tool are executable). */
export const isProgram = (path: string): boolean => /^(bin|pkg\/tool\/[^/]+)\/[^/]+$/.test(path);

async function keep(path: string, bytes: Buffer): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(`${path}.${process.pid}`, bytes);
  await rename(`${path}.${process.pid}`, path);
}
