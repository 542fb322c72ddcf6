import { createHash } from 'node:crypto';
import { listPackages, packageFiles } from '@berth/buildpacks/lockfiles/list-packages';
import type { PackageList } from '@berth/buildpacks/lockfiles/locked-package';
import { fetchSource } from '@berth/images/fetch-source';
import type { FileTree } from '@berth/images/file-tree';
import { sourceRepository } from '@berth/images/source-repository';
import type { ImageOrigin } from '@berth/platform/images/read-origin';
import { type Builder, entriesMax } from '../builder.js';

const nothing: PackageList = { packages: [], isComplete: false };
const textBytesMax = 64 * 1024 * 1024;

/** The packages that the lockfiles of an image's source name. None when the source is not kept any more. */
export async function listLanguagePackages(builder: Builder, origin: ImageOrigin): Promise<PackageList> {
  const { repositoryId, source, inputs } = origin;
  if (!source) return nothing;
  if (!(await builder.registry.hasBlob(sourceRepository(repositoryId), source.digest))) return nothing;
  const limits = { bytesMax: builder.limits.sourceBytes, entriesMax };
  const files = await fetchSource(builder.registry, { repositoryId, digest: source.digest }, limits);
  try {
    return listPackages(await readFiles(files, inputs?.files ?? {}));
  } finally {
    await files.close();
  }
}

/** Files that name packages: those that the build looked at, known by their digests; else those nearest to the top. */
async function readFiles(files: FileTree, seen: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const named = [...files.entries.values()]
    .filter(
      ({ path, type, sizeBytes }) => type === 'file' && packageFiles.has(nameOf(path)) && sizeBytes <= textBytesMax,
    )
    .filter(({ path }) => !path.split('/').some((part) => part === 'node_modules' || part === 'vendor'))
    .sort((a, b) => depthOf(a.path) - depthOf(b.path) || (a.path < b.path ? -1 : 1));
  const texts: Record<string, string> = {};
  const nearest: Record<string, string> = {};
  const digests = new Set(Object.entries(seen).map(([path, hex]) => `${nameOf(path)} ${hex}`));
  for (const { path } of named) {
    const name = nameOf(path);
    const bytes = (await files.read(path)) ?? Buffer.alloc(0);
    const hex = createHash('sha256').update(bytes).digest('hex');
    if (digests.has(`${name} ${hex}`)) texts[name] ??= bytes.toString();
    nearest[name] ??= bytes.toString();
  }
  return Object.keys(texts).length > 0 ? texts : nearest;
}

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
const depthOf = (path: string) => path.split('/').length;
