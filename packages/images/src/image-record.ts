import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { digestOf } from './digest.js';
import { pushArtifact } from './push-artifact.js';
import type { Registry } from './registry.js';

/** What is kept about an image beside it: what it is made of, and how it came about. */
export const recordKinds = {
  sbom: 'application/vnd.cyclonedx+json',
  provenance: 'application/vnd.in-toto+json',
} as const;
export type RecordKind = keyof typeof recordKinds;

/**
 * The tag under which a record of an image is found: registries before the distribution specification 1.1 (2.8 is one)
 * have no referrers API, so the name is that of cosign's and ORAS' tag schemes.
 */
const recordTag = (imageDigest: string, kind: RecordKind): string => `${imageDigest.replace(':', '-')}.${kind}`;

/** Writes a record beside its image, with the image as its `subject`. Idempotent. */
export async function pushRecord(
  registry: Registry,
  record: { repository: string; imageDigest: string; kind: RecordKind; bytes: Buffer },
): Promise<void> {
  const { repository, imageDigest, kind, bytes } = record;
  const image = await registry.getManifest(repository, imageDigest);
  if (!image) throw new Error(`image ${repository}@${imageDigest} is not in the registry`);
  await pushArtifact(registry, {
    repository,
    tag: recordTag(imageDigest, kind),
    mediaType: recordKinds[kind],
    blob: { digest: digestOf(bytes), sizeBytes: bytes.length, data: { kind: 'memory', bytes } },
    subject: { digest: imageDigest, sizeBytes: image.bytes.length, mediaType: image.mediaType },
  });
}

const recordManifest = z.object({ layers: z.array(z.object({ digest: z.string() })).length(1) });

/** The JSON text of a record, or undefined when it is not (or not any more) there. */
export async function readRecord(
  registry: Registry,
  { repository, imageDigest, kind }: { repository: string; imageDigest: string; kind: RecordKind },
): Promise<string | undefined> {
  const manifest = await registry.getManifest(repository, recordTag(imageDigest, kind));
  if (!manifest) return undefined;
  const { layers } = recordManifest.parse(JSON.parse(manifest.bytes.toString()));
  const blob = await registry.getBlob(repository, layers[0]!.digest);
  return blob && text(blob);
}
