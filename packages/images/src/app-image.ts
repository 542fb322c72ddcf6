import type { ImageConfig } from './image-manifest.js';
import type { Layer } from './layer.js';
import type { PushedImage } from './push-image.js';

/**
 * What a layer of an app's image is, from below. `propagation`: what carries the environment's mark along a call chain;
 * `tool`: a package manager that the app's processes may call, or another program beside the runtime; a rebase leaves it.
 */
export const layerKinds = ['stack', 'runtime', 'propagation', 'tool', 'dependencies', 'code'] as const;
export type LayerKind = (typeof layerKinds)[number];

/** Names of the labels that tell a rebase what it may move; docs/decisions says why they are in the image itself. */
export const ociLabels = {
  /** `berth-13@sha256:…`, the stack's image. */
  stack: 'berth.stack',
  /** `node@24.21.0` */
  runtime: 'berth.runtime',
  /** sha256:… of the runtime's image. */
  runtimeDigest: 'berth.runtime.digest',
  /** What a rebase may not cross, as the runtime's image says: `node-abi-137`. */
  abi: 'berth.abi',
  /** The app's own words for the version it wants; absent when it has none. */
  wish: 'berth.runtime.wish',
  /** The kind of each layer, from below, with blanks between. */
  layers: 'berth.layers',
  /** Names of the variables that the app's plan sets, with blanks between; all others are the runtime's. */
  env: 'berth.env',
} as const;

/** Labels that tell what an app's image lies on. */
export function baseLabels(stack: PushedImage, runtime: PushedImage, wish: string | undefined): Record<string, string> {
  const { labels } = runtime.config;
  const abi = labels[ociLabels.abi];
  return {
    [ociLabels.stack]: `${stack.config.labels['berth.stack']}@${stack.digest}`,
    [ociLabels.runtime]: `${labels['berth.runtime']}@${labels['berth.version']}`,
    [ociLabels.runtimeDigest]: runtime.digest,
    ...(abi === undefined ? {} : { [ociLabels.abi]: abi }),
    ...(wish === undefined ? {} : { [ociLabels.wish]: wish }),
  };
}

/** The layers of an app's image by kind, or undefined for an image that does not say. */
export function layersByKind(image: PushedImage): Record<LayerKind, Layer[]> | undefined {
  const words = image.config.labels[ociLabels.layers]?.split(' ');
  if (words?.length !== image.layers.length) return undefined;
  const found: Record<LayerKind, Layer[]> = {
    stack: [],
    runtime: [],
    propagation: [],
    tool: [],
    dependencies: [],
    code: [],
  };
  for (const [index, word] of words.entries()) {
    if (!(layerKinds as readonly string[]).includes(word)) return undefined;
    found[word as LayerKind].push(image.layers[index]!);
  }
  return found;
}

/** One line per layer for `docker history`. */
export function historyOf(kinds: readonly LayerKind[], labels: ImageConfig['labels']): string[] {
  const about: Partial<Record<LayerKind, string | undefined>> = {
    stack: labels[ociLabels.stack],
    runtime: labels[ociLabels.runtime],
  };
  return kinds.map((kind) => (about[kind] ? `berth ${kind} ${about[kind]}` : `berth ${kind}`));
}
