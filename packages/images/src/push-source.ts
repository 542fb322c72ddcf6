import { digestOf } from './digest.js';
import type { BlobData } from './layer.js';
import { mediaTypes, type Registry } from './registry.js';
import { sourceRepository } from './source-repository.js';

const sourceMediaType = 'application/vnd.berth.source.v1.tar+gzip';
const emptyConfig = Buffer.from('{}');
const emptyMediaType = 'application/vnd.oci.empty.v1+json';

/** A gzipped tar that is not in memory as a whole. */
export interface PackedArchive {
  digest: string;
  sizeBytes: number;
  data: BlobData;
}

/**
 * Keeps the gzipped tar of one commit as a blob of `source/<repository id>`, with a manifest tagged with the commit so
 * that garbage collection keeps it (an artifact of the OCI image specification 1.1). Returns the blob's digest; idempotent.
 */
export async function pushSource(
  registry: Registry,
  source: { repositoryId: string; commit: string; archive: Buffer | PackedArchive },
): Promise<{ digest: string; sizeBytes: number }> {
  const repository = sourceRepository(source.repositoryId);
  const { digest, sizeBytes, data } = Buffer.isBuffer(source.archive) ? inMemory(source.archive) : source.archive;
  const config = { digest: digestOf(emptyConfig), sizeBytes: emptyConfig.length };
  await Promise.all([
    registry.putBlob(repository, { digest, sizeBytes, data }),
    registry.putBlob(repository, { ...config, data: { kind: 'memory', bytes: emptyConfig } }),
  ]);
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    artifactType: sourceMediaType,
    config: { mediaType: emptyMediaType, digest: config.digest, size: config.sizeBytes },
    layers: [{ mediaType: sourceMediaType, digest, size: sizeBytes }],
  };
  await registry.putManifest(repository, source.commit, mediaTypes.manifest, Buffer.from(JSON.stringify(manifest)));
  return { digest, sizeBytes };
}

function inMemory(bytes: Buffer): PackedArchive {
  return { digest: digestOf(bytes), sizeBytes: bytes.length, data: { kind: 'memory', bytes } };
}
