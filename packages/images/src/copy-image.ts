import { TransientError } from '@berth/domain/errors';
import { z } from 'zod';
import { indexTypes, type Registry, type StoredManifest } from './registry.js';

/** A repository of one registry. */
export interface Place {
  registry: Registry;
  repository: string;
}

const descriptor = z.object({ digest: z.string(), size: z.number().int().min(0) });
const manifestDocument = z.object({ config: descriptor, layers: z.array(descriptor) });
const indexDocument = z.object({ manifests: z.array(descriptor) });

/** Blobs that travel side by side: each is a stream, none is kept. */
const sideBySide = 4;

/**
 * Copies an image into another registry under the same digest, with what is kept about it (SBOM, provenance: tags that begin with
 * its digest). Only blobs that are not there travel, streamed once; what other images brought is mounted from `shared`, a
 * repository that every copy leaves its layers in. Idempotent; a TransientError when the image is not (or not yet) whole.
 */
export async function copyImage(from: Place, to: Place & { shared: string }, digest: string): Promise<void> {
  await copyManifest(from, to, digest, digest);
  const records = `${digest.replace(':', '-')}`;
  for (const tag of await from.registry.listTags(from.repository))
    if (tag.startsWith(records)) await copyManifest(from, to, tag, tag);
}

async function copyManifest(from: Place, to: Place & { shared: string }, reference: string, as: string): Promise<void> {
  const manifest = await from.registry.getManifest(from.repository, reference);
  if (!manifest) throw new TransientError(`image ${from.repository}@${reference} is not in the registry`);
  if ((await to.registry.getManifest(to.repository, as))?.digest === manifest.digest) return;
  await copyParts(from, to, manifest);
  await to.registry.putManifest(to.repository, as, manifest.mediaType, manifest.bytes);
}

/** What a manifest refers to, which has to be there before it. */
async function copyParts(from: Place, to: Place & { shared: string }, manifest: StoredManifest): Promise<void> {
  const document: unknown = JSON.parse(manifest.bytes.toString());
  if (indexTypes.includes(manifest.mediaType)) {
    for (const { digest } of indexDocument.parse(document).manifests) await copyManifest(from, to, digest, digest);
    return;
  }
  const { config, layers } = manifestDocument.parse(document);
  const waiting = [...new Map([config, ...layers].map((blob) => [blob.digest, blob])).values()];
  const copyNext = async (): Promise<void> => {
    for (let blob = waiting.pop(); blob; blob = waiting.pop()) await copyBlob(from, to, blob);
  };
  await Promise.all(Array.from({ length: sideBySide }, copyNext));
}

async function copyBlob(
  from: Place,
  to: Place & { shared: string },
  { digest, size: sizeBytes }: z.infer<typeof descriptor>,
): Promise<void> {
  if (await to.registry.hasBlob(to.repository, digest)) return;
  if (await to.registry.mountBlob(to.repository, digest, to.shared)) return;
  const open = async () => {
    const blob = await from.registry.getBlob(from.repository, digest);
    if (!blob) throw new TransientError(`blob ${digest} is not in ${from.repository}`);
    return blob;
  };
  await to.registry.putBlob(to.repository, { digest, sizeBytes, data: { kind: 'stream', open } });
  await to.registry.mountBlob(to.shared, digest, to.repository); // a registry that does not mount sends it the next time
}
