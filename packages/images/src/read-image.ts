import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { digestOf } from './digest.js';
import type { ImageConfig } from './image-manifest.js';
import type { PushedImage } from './push-image.js';
import type { Registry } from './registry.js';

const manifestDocument = z.object({
  config: z.object({ digest: z.string() }),
  layers: z.array(z.object({ digest: z.string(), size: z.number().int() })),
});

const configDocument = z.object({
  config: z.object({
    Env: z.array(z.string()).nullish(),
    User: z.string().optional(),
    WorkingDir: z.string().optional(),
    Cmd: z.array(z.string()).nullish(),
    Labels: z.record(z.string(), z.string()).nullish(),
  }),
  history: z.array(z.object({ created_by: z.string().optional(), empty_layer: z.boolean().optional() })).nullish(),
  rootfs: z.object({ diff_ids: z.array(z.string()) }),
});

/** An image of the registry by tag or digest with its layers and configuration, or undefined. */
export async function readImage(
  registry: Registry,
  repository: string,
  reference: string,
): Promise<PushedImage | undefined> {
  const stored = await registry.getManifest(repository, reference);
  if (!stored) return undefined;
  const manifest = manifestDocument.parse(JSON.parse(stored.bytes.toString()));
  const blob = await registry.getBlob(repository, manifest.config.digest);
  if (!blob) return undefined;
  const configText = await text(blob);
  if (digestOf(configText) !== manifest.config.digest)
    throw new Error(`config of ${repository} does not match its digest`);
  const { config, rootfs, history } = configDocument.parse(JSON.parse(configText));
  const layers = manifest.layers.map(({ digest, size }, index) => {
    const diffId = rootfs.diff_ids[index];
    if (diffId === undefined) throw new Error(`${repository}:${reference} has more layers than diff ids`);
    return { digest, diffId, sizeBytes: size };
  });
  return {
    repository,
    digest: stored.digest,
    layers,
    config: { ...toImageConfig(config), ...historyOf(history, layers.length) },
    sizeBytes: layers.reduce((sum, layer) => sum + layer.sizeBytes, 0),
  };
}

function toImageConfig(config: z.infer<typeof configDocument>['config']): ImageConfig {
  return {
    env: Object.fromEntries(
      (config.Env ?? []).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    ),
    labels: config.Labels ?? {},
    ...(config.User ? { user: config.User } : {}),
    ...(config.WorkingDir ? { workingDir: config.WorkingDir } : {}),
    ...(config.Cmd ? { cmd: config.Cmd } : {}),
  };
}

/** Only one that has a line for each layer. */
function historyOf(history: z.infer<typeof configDocument>['history'], layers: number): Pick<ImageConfig, 'history'> {
  const lines = (history ?? []).filter((entry) => !entry.empty_layer).map((entry) => entry.created_by ?? '');
  return lines.length === layers && layers > 0 ? { history: lines } : {};
}
