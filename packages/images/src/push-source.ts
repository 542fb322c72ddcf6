import { digestOf } from './digest.js';
import type { BlobData } from './layer.js';
import { pushArtifact } from './push-artifact.js';
import type { Registry } from './registry.js';
import { sourceRepository } from './source-repository.js';

const sourceMediaType = 'application/vnd.berth.source.v1.tar+gzip';

/** A gzipped tar that is not in memory as a whole. */
export interface PackedArchive {
  digest: string;
  sizeBytes: number;
  data: BlobData;
}

/**
 * Keeps the gzipped tar of one commit as a blob of `source/<repository id>`, with a manifest tagged with the commit so
 * that garbage collection keeps it. Returns the blob's digest; idempotent.
 */
export async function pushSource(
  registry: Registry,
  source: { repositoryId: string; commit: string; archive: Buffer | PackedArchive },
): Promise<{ digest: string; sizeBytes: number }> {
  const blob = Buffer.isBuffer(source.archive) ? inMemory(source.archive) : source.archive;
  await pushArtifact(registry, {
    repository: sourceRepository(source.repositoryId),
    tag: source.commit,
    mediaType: sourceMediaType,
    blob,
  });
  return { digest: blob.digest, sizeBytes: blob.sizeBytes };
}

function inMemory(bytes: Buffer): PackedArchive {
  return { digest: digestOf(bytes), sizeBytes: bytes.length, data: { kind: 'memory', bytes } };
}
