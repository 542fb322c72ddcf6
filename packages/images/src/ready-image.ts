import type { Readable } from 'node:stream';
import { UserError } from '@berth/domain/errors';
import { z } from 'zod';
import { digestOf } from './digest.js';
import { indexTypes, mediaTypes, type Registry, type StoredManifest } from './registry.js';

/** An image that somebody else has built, as far as it decides how it runs here. */
export interface ReadyImage {
  /** Of the manifest for linux/amd64; an index of several platforms has a digest of its own. */
  manifest: StoredManifest;
  /** What docker calls the image's id. */
  configDigest: string;
  blobs: readonly { digest: string; sizeBytes: number }[];
  /** ENTRYPOINT and CMD. */
  argv: [string, ...string[]];
  /** The commit that it says it was made of (OCI annotation org.opencontainers.image.revision). */
  revision: string | undefined;
  sizeBytes: number;
}

const descriptor = z.object({ mediaType: z.string(), digest: z.string(), size: z.number().int().min(0) });
const manifestDocument = z.object({ config: descriptor, layers: z.array(descriptor).max(500) });
const indexDocument = z.object({
  manifests: z.array(
    descriptor.extend({ platform: z.object({ os: z.string(), architecture: z.string() }).optional() }),
  ),
});
const configDocument = z.object({
  os: z.string(),
  architecture: z.string(),
  config: z
    .object({
      Entrypoint: z.array(z.string()).nullish(),
      Cmd: z.array(z.string()).nullish(),
      Labels: z.record(z.string(), z.string()).nullish(),
    })
    .nullish(),
});

const imageConfigs = [mediaTypes.config, 'application/vnd.docker.container.image.v1+json'];
/** What Docker Engine 20.10 unpacks. */
const layerTypes = [
  mediaTypes.layer,
  'application/vnd.oci.image.layer.v1.tar',
  'application/vnd.docker.image.rootfs.diff.tar.gzip',
];
const configBytesMax = 4 * 1024 * 1024;

/**
 * Reads an image that people pushed: hostile input. Undefined for what is not there or is no image (a build cache, a signature).
 * Throws a UserError that says why it cannot run here.
 */
export async function readReadyImage(
  registry: Registry,
  repository: string,
  reference: string,
): Promise<ReadyImage | undefined> {
  const found = await registry.getManifest(repository, reference);
  const manifest =
    found && indexTypes.includes(found.mediaType) ? await ofThisPlatform(registry, repository, found) : found;
  if (!manifest) return undefined;
  const document = parse(manifestDocument, manifest.bytes);
  if (!document || !imageConfigs.includes(document.config.mediaType)) return undefined;
  const foreign = document.layers.find(({ mediaType }) => !layerTypes.includes(mediaType));
  if (foreign)
    throw new UserError('unsupported', `A layer of the image is of a kind that cannot run here: ${foreign.mediaType}.`);
  const { os, architecture, config } = await readConfig(registry, repository, document.config);
  checkPlatform(os, architecture);
  const [program, ...args] = [...(config?.Entrypoint ?? []), ...(config?.Cmd ?? [])];
  if (program === undefined)
    throw new UserError('unsupported', 'The image says neither ENTRYPOINT nor CMD, so there is nothing to start.');
  const blobs = [document.config, ...document.layers].map(({ digest, size }) => ({ digest, sizeBytes: size }));
  return {
    manifest,
    configDigest: document.config.digest,
    blobs,
    argv: [program, ...args],
    revision: config?.Labels?.['org.opencontainers.image.revision'],
    sizeBytes: blobs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  };
}

function checkPlatform(os: string, architecture: string): void {
  if (os !== 'linux' || architecture !== 'amd64')
    throw new UserError('unsupported', `The image is for ${os}/${architecture}; this Berth runs linux/amd64.`);
}

/** The manifest of an index that is for linux/amd64. */
async function ofThisPlatform(registry: Registry, repository: string, index: StoredManifest) {
  const all = parse(indexDocument, index.bytes)?.manifests ?? [];
  const images = all.filter(({ platform }) => platform && platform.os !== 'unknown'); // attestations are "unknown"
  const ours = images.find(({ platform }) => platform?.os === 'linux' && platform.architecture === 'amd64');
  if (ours) return registry.getManifest(repository, ours.digest);
  if (images.length === 0) return undefined;
  const others = images.map(({ platform }) => `${platform?.os}/${platform?.architecture}`).join(', ');
  throw new UserError('unsupported', `The image is for ${others}; this Berth runs linux/amd64.`);
}

async function readConfig(registry: Registry, repository: string, { digest, size }: z.infer<typeof descriptor>) {
  if (size > configBytesMax) throw new UserError('too_large', `The image's configuration has ${size} bytes.`);
  const blob = await registry.getBlob(repository, digest);
  const bytes = blob && (await readBounded(blob));
  const document = bytes && digestOf(bytes) === digest ? parse(configDocument, bytes) : undefined;
  if (!document) throw new UserError('unsupported', "The image's configuration is not one that Docker writes.");
  return document;
}

/** The registry does not compare the size that a manifest says: undefined for a blob that is no configuration. */
async function readBounded(blob: Readable): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of blob) {
    bytes += (chunk as Buffer).length;
    if (bytes > configBytesMax) return undefined; // leaving the loop closes the connection
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function parse<T extends z.ZodType>(schema: T, bytes: Buffer): z.infer<T> | undefined {
  try {
    return schema.safeParse(JSON.parse(bytes.toString())).data;
  } catch {
    return undefined;
  }
}
