import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { TransientError } from '@berth/domain/errors';
import type { FileTree } from './file-tree.js';
import { normaliseTar, type TarLimits } from './normalise-tar.js';
import type { Registry } from './registry.js';
import { sourceRepository } from './source-repository.js';

/** The files of a source that pushSource stored. A source that is gone is a TransientError. */
export async function fetchSource(
  registry: Registry,
  source: { repositoryId: string; digest: string },
  limits: TarLimits,
): Promise<FileTree> {
  const repository = sourceRepository(source.repositoryId);
  const blob = await registry.getBlob(repository, source.digest);
  if (!blob) throw new TransientError(`source ${source.digest} is not in ${repository}`);
  // Refused half way, it is closed too: an answer that nobody reads to its end keeps one of the client's few connections.
  const plain = pipeline(blob, createGunzip(), () => {});
  return normaliseTar(plain, limits);
}
