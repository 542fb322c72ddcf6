import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TransientError } from '@berth/domain/errors';
import { z } from 'zod';
import { readBounded } from '../fetch-bytes.js';

/** Where packages come from, and where downloads are kept. */
export interface NpmRegistry {
  /** e.g. what `npm config get registry` says on the host. */
  url: string;
  /** Directory for downloaded tarballs; undefined keeps none. */
  cacheDir?: string | undefined;
}

const packageDocument = z.object({
  'dist-tags': z.record(z.string(), z.string()),
  versions: z.record(
    z.string(),
    z.object({
      engines: z.object({ node: z.string().optional() }).catch({}).optional(),
      dist: z.object({ tarball: z.string(), integrity: z.string() }),
    }),
  ),
});
export type PackageDocument = z.infer<typeof packageDocument>;

const answerTimeoutMs = 60_000;

/** The abbreviated document of a package (npm's registry API), or undefined when there is no such package. */
export async function fetchPackage(npm: NpmRegistry, name: string): Promise<PackageDocument | undefined> {
  const response = await get(new URL(name.replace('/', '%2f'), slashed(npm.url)), {
    accept: 'application/vnd.npm.install-v1+json',
  });
  if (response.status === 404) return undefined;
  if (!response.ok) throw new TransientError(`npm registry: ${name} answered ${response.status}`);
  return packageDocument.parse(await response.json());
}

/** The tarball of one version, checked against the registry's integrity value. */
export async function fetchTarball(
  npm: NpmRegistry,
  wanted: { name: string; version: string; integrity: string; tarball?: string },
): Promise<Buffer> {
  const cachePath = npm.cacheDir && join(npm.cacheDir, `${wanted.name.replace('/', '+')}-${wanted.version}.tgz`);
  const cached = cachePath ? await readFile(cachePath).catch(() => undefined) : undefined;
  if (cached && hasIntegrity(cached, wanted.integrity)) return cached;
  const response = await get(new URL(tarballPath(wanted), slashed(npm.url)));
  if (!response.ok)
    throw new TransientError(`npm registry: ${wanted.name}@${wanted.version} answered ${response.status}`);
  const bytes = await readBounded(response, tarballBytesMax, `${wanted.name}@${wanted.version}`);
  if (!hasIntegrity(bytes, wanted.integrity))
    throw new Error(`${wanted.name}@${wanted.version} does not have the integrity value of the registry`);
  if (cachePath) await keep(cachePath, bytes);
  return bytes;
}

/** A tarball is held in memory, and several at a time are. */
const tarballBytesMax = 128 * 1024 ** 2;

/** Relative to our registry: a mirror's document may name the tarballs of the registry that it mirrors. */
function tarballPath({ name, version, tarball }: { name: string; version: string; tarball?: string }): string {
  const usual = `${name}/-/${name.slice(name.indexOf('/') + 1)}-${version}.tgz`;
  if (tarball === undefined) return usual;
  const { pathname } = new URL(tarball);
  const at = pathname.indexOf(`/${name}/-/`);
  return at < 0 ? usual : pathname.slice(at + 1);
}

/** Subresource integrity, as in npm's `dist.integrity`: `sha512-<base64>`, possibly several. */
function hasIntegrity(bytes: Buffer, integrity: string): boolean {
  const expected = integrity.split(/\s+/).find((value) => value.startsWith('sha512-'));
  return expected !== undefined && `sha512-${createHash('sha512').update(bytes).digest('base64')}` === expected;
}

async function keep(path: string, bytes: Buffer): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(`${path}.${process.pid}`, bytes);
  await rename(`${path}.${process.pid}`, path);
}

async function get(url: URL, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, { headers, signal: AbortSignal.timeout(answerTimeoutMs) }).catch((error) => {
    throw new TransientError(`npm registry: ${url.pathname}: ${error.cause ?? error}`, { cause: error });
  });
}

const slashed = (url: string) => (url.endsWith('/') ? url : `${url}/`);
