import { UserError } from '@berth/domain/errors';
import { z } from 'zod';
import { digestOf } from './digest.js';
import type { FileTree } from './file-tree.js';
import type { Layer } from './layer.js';
import { mediaTypes } from './registry.js';

/** An image that somebody else's build exported; everything in it is checked but the layers' bytes. */
export interface ExportedImage {
  config: { bytes: Buffer; digest: string };
  /** In order, the lowest first. */
  layers: readonly Layer[];
  /** Of the manifest that we write in place of theirs: only what we know is in it. */
  manifest: Buffer;
  /** How it is started. */
  start: ImageStart;
}

/** What an image says of its own process; [] is nothing. */
export interface ImageStart {
  entrypoint: readonly string[];
  cmd: readonly string[];
  /** `node`, `1000:1000`; '' is root. */
  user: string;
}

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const size = z.number().int().positive();
const layersMax = 127; // what Docker can mount
const argumentsMax = 1_000;

const indexDocument = z.object({
  manifests: z.array(z.object({ mediaType: z.literal(mediaTypes.manifest), digest, size })).length(1),
});

const manifestDocument = z.object({
  schemaVersion: z.literal(2),
  config: z.object({ mediaType: z.literal(mediaTypes.config), digest, size }),
  layers: z.array(z.object({ mediaType: z.literal(mediaTypes.layer), digest, size })).max(layersMax),
});

const texts = z.array(z.string().max(128 * 1024)).max(argumentsMax);
const configDocument = z.object({
  architecture: z.literal('amd64'),
  os: z.literal('linux'),
  config: z
    .object({
      Env: z.array(z.string().includes('=')).max(argumentsMax).nullish(),
      Entrypoint: texts.nullish(),
      Cmd: texts.nullish(),
      User: z.string().max(256).optional(),
      WorkingDir: z.string().max(4096).optional(),
    })
    .default({}),
  rootfs: z.object({ type: z.literal('layers'), diff_ids: z.array(digest).max(layersMax) }),
});

const documentBytesMax = 4 * 1024 * 1024;

/**
 * Reads an image layout (OCI image specification 1.1, image-layout) with one image for this platform in it. The blobs of
 * layers need not be there. It is hostile input: what breaks a rule is a UserError, since only a build that broke out of its
 * tool can have made it.
 */
export async function readOciLayout(tree: FileTree): Promise<ExportedImage> {
  const index = parse(indexDocument, await tree.read('index.json'), 'index');
  const manifest = parse(manifestDocument, await readBlob(tree, index.manifests[0]!.digest), 'manifest');
  const configBytes = await readBlob(tree, manifest.config.digest);
  const { config, rootfs } = parse(configDocument, configBytes, 'configuration');
  if (rootfs.diff_ids.length !== manifest.layers.length)
    throw unreadable('it has another number of layers than it says');
  const layers = manifest.layers.map((layer, at) => ({
    digest: layer.digest,
    diffId: rootfs.diff_ids[at]!,
    sizeBytes: layer.size,
  }));
  return {
    config: { bytes: configBytes, digest: manifest.config.digest },
    layers,
    manifest: writeManifest(manifest),
    start: { entrypoint: config.Entrypoint ?? [], cmd: config.Cmd ?? [], user: config.User ?? '' },
  };
}

function writeManifest({ config, layers }: z.infer<typeof manifestDocument>): Buffer {
  return Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.manifest, config, layers }));
}

async function readBlob(tree: FileTree, name: string): Promise<Buffer> {
  const bytes = await tree.read(`blobs/${name.replace(':', '/')}`);
  if (!bytes || digestOf(bytes) !== name) throw unreadable(`${name} is not in it`);
  return bytes;
}

function parse<T>(schema: z.ZodType<T>, bytes: Buffer | undefined, what: string): T {
  if (!bytes || bytes.length > documentBytesMax) throw unreadable(`it has no ${what}`);
  try {
    return schema.parse(JSON.parse(bytes.toString()));
  } catch (error) {
    throw unreadable(`its ${what} is not one that we take`, error);
  }
}

const unreadable = (reason: string, cause?: unknown) =>
  new UserError('bad_request', `The image of this build cannot be used: ${reason}.`, { cause });
