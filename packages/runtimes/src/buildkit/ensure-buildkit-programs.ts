import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FileTree } from '@berth/images/file-tree';
import { normaliseTar } from '@berth/images/normalise-tar';
import { packTar } from '@berth/images/pack-tar';
import { type PushedImage, pushImage } from '@berth/images/push-image';
import { readImage } from '@berth/images/read-image';
import type { Registry } from '@berth/images/registry';
import { writeLayer } from '@berth/images/write-layer';
import { toolsBin } from '../npm/ensure-tool.js';
import type { Sources } from '../sources.js';
import { buildkitRelease } from './buildkit-release.js';

/** Raised when the layers are made in another way. */
const recipe = '2';
const owner = { uid: 0, gid: 0 };
const tag = `${buildkitRelease.version}-${recipe}`;
const limits = { bytesMax: 512 * 1024 ** 2, entriesMax: 10 };

/** The tar of the compiled programs in a download directory. */
export const keptPath = (cacheDir: string): string => join(cacheDir, `buildkit-${buildkitRelease.version}.tar`);

/** The one file of the frontend's image. */
export const frontendPath = 'dockerfile-frontend';

/** Gives a directory with the release's programs. */
export type CompileBuildkit = () => Promise<FileTree>;

/**
 * Makes sure that `tool/buildkit:<version>` is in the registry: buildkitd and buildctl in one layer, the Dockerfile frontend
 * in another. `compile` takes minutes; what it made is kept in the download directory, if there is one, as a tar.
 */
export async function ensureBuildkitPrograms(
  { registry, sources }: { registry: Registry; sources: Pick<Sources, 'cacheDir'> },
  compile: CompileBuildkit,
): Promise<PushedImage> {
  const repository = 'tool/buildkit';
  const known = await readImage(registry, repository, tag);
  if (known) return known;
  const path = sources.cacheDir && keptPath(sources.cacheDir);
  const tree = (path && (await readKept(path))) || (await compile());
  try {
    if (path) await keep(tree, path);
    const [programs, frontend] = await Promise.all([programsLayer(tree), frontendLayer(tree)]);
    return await pushImage(registry, {
      ...{ repository, tag, layers: [{ layer: programs }, { layer: frontend }] },
      config: { env: {}, labels: { 'berth.tool': 'buildkit', 'berth.version': buildkitRelease.version } },
    }).finally(() => Promise.all([programs.dispose(), frontend.dispose()]));
  } finally {
    await tree.close();
  }
}

function programsLayer(tree: FileTree) {
  return writeLayer(tree.toLayerEntries(toolsBin.slice(1), owner, ({ path }) => /^build(kitd|ctl)$/.test(path)));
}

async function frontendLayer(tree: FileTree) {
  const content = await tree.read('dockerfile-frontend');
  if (!content) throw new Error('BuildKit was compiled without its Dockerfile frontend');
  return writeLayer([{ path: frontendPath, type: 'file', mode: 0o755, ...owner, content, sizeBytes: content.length }]);
}

async function readKept(path: string): Promise<FileTree | undefined> {
  return existsSync(path) ? normaliseTar(createReadStream(path), limits) : undefined;
}

async function keep(tree: FileTree, path: string): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  const entries = tree.toLayerEntries('.', owner);
  await pipeline(Readable.from(packTar(entries)), createWriteStream(`${path}.${process.pid}`));
  await rename(`${path}.${process.pid}`, path);
}
