import { digestOf } from './digest.js';
import type { BlobData } from './layer.js';
import { mediaTypes, type Registry } from './registry.js';

const emptyConfig = Buffer.from('{}');
const emptyMediaType = 'application/vnd.oci.empty.v1+json';

/** Anything that is no image: one blob with a manifest (OCI image specification 1.1, guidance for artifacts). */
export interface Artifact {
  repository: string;
  tag: string;
  mediaType: string;
  blob: { digest: string; sizeBytes: number; data: BlobData };
  /** The manifest that it is about. */
  subject?: { digest: string; sizeBytes: number; mediaType: string };
}

/** Keeps a blob under a tag, so that garbage collection keeps it. Idempotent: the same blob gives the same manifest. */
export function pushArtifact(registry: Registry, artifact: Artifact): Promise<void> {
  return registry.asPush(artifact.repository, () => writeArtifact(registry, artifact));
}

async function writeArtifact(registry: Registry, artifact: Artifact): Promise<void> {
  const { repository, tag, mediaType, blob, subject } = artifact;
  const config = { digest: digestOf(emptyConfig), sizeBytes: emptyConfig.length };
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    artifactType: mediaType,
    config: { mediaType: emptyMediaType, digest: config.digest, size: config.sizeBytes },
    layers: [{ mediaType, digest: blob.digest, size: blob.sizeBytes }],
    ...(subject && {
      subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.sizeBytes },
    }),
  };
  await Promise.all([
    registry.putBlob(repository, blob),
    registry.putBlob(repository, { ...config, data: { kind: 'memory', bytes: emptyConfig } }),
  ]);
  await registry.putManifest(repository, tag, mediaTypes.manifest, Buffer.from(JSON.stringify(manifest)));
}
