import { historyOf, type LayerKind, layerKinds, layersByKind, ociLabels } from './app-image.js';
import type { ImageConfig } from './image-manifest.js';
import type { Layer } from './layer.js';
import type { PushedImage } from './push-image.js';

/** What is to lie below an app; undefined stays as it is. */
export interface RebaseTarget {
  stack: PushedImage | undefined;
  runtime: PushedImage | undefined;
  /** Takes the place of the one that an image has; an image that has none gets one by its next build. */
  propagator?: PushedImage | undefined;
}

/** What a rebase does to one image. */
export type RebasePlan =
  | { kind: 'unchanged' }
  /** One sentence for people. */
  | { kind: 'refused'; because: string }
  | {
      kind: 'move';
      layers: Layer[];
      config: ImageConfig;
      /** Layers that the image's repository does not have yet, with the repository that has them. */
      mounts: { digest: string; from: string }[];
    };

/**
 * Exchanges the layers of the stack and of the runtime below an app's own layers, when they are of the same release and of
 * the same binary interface: what was compiled or installed against the old ones runs on the new ones. Pure.
 */
export function planRebase(image: PushedImage, target: RebaseTarget): RebasePlan {
  const { labels } = image.config;
  const old = layersByKind(image);
  if (!old)
    return refused('Its image does not say which of its layers are whose, as after a Dockerfile: it needs a build.');
  const because = whyNot(labels, target, old.runtime.length);
  if (because) return refused(because);

  const runtime = movesRuntime(old.runtime, target.runtime) ? target.runtime : undefined;
  const isStackMoved = target.stack !== undefined && !isSame(old.stack, target.stack.layers);
  const isRuntimeMoved = runtime !== undefined && !isSame(old.runtime, runtime.layers);
  const isPropagatorMoved =
    target.propagator !== undefined && old.propagation.length > 0 && !isSame(old.propagation, target.propagator.layers);
  if (!isStackMoved && !isRuntimeMoved && !isPropagatorMoved) return { kind: 'unchanged' };

  const parts: Record<LayerKind, Layer[]> = {
    ...old,
    ...(isStackMoved ? { stack: target.stack!.layers } : {}),
    ...(isRuntimeMoved ? { runtime: runtime.layers } : {}),
    ...(isPropagatorMoved ? { propagation: target.propagator!.layers } : {}),
  };
  const kinds = layerKinds.flatMap((kind) => parts[kind].map(() => kind));
  const newLabels = {
    ...labels,
    ...(isStackMoved ? { [ociLabels.stack]: stackLabel(target.stack!) } : {}),
    ...(isRuntimeMoved ? runtimeLabels(runtime) : {}),
    [ociLabels.layers]: kinds.join(' '),
  };
  return {
    kind: 'move',
    layers: layerKinds.flatMap((kind) => parts[kind]),
    config: {
      ...image.config,
      env: isRuntimeMoved ? envOver(image.config, runtime.config.env) : image.config.env,
      labels: newLabels,
      history: historyOf(kinds, newLabels),
    },
    mounts: [
      ...(isStackMoved ? mountsOf(target.stack!) : []),
      ...(isRuntimeMoved ? mountsOf(runtime) : []),
      ...(isPropagatorMoved ? mountsOf(target.propagator!) : []),
    ],
  };
}

const refused = (because: string): RebasePlan => ({ kind: 'refused', because });

function whyNot(labels: ImageConfig['labels'], { stack, runtime }: RebaseTarget, runtimeLayers: number) {
  const oldStack = nameOf(labels[ociLabels.stack]);
  const newStack = stack?.config.labels['berth.stack'];
  if (stack && oldStack !== newStack)
    return `It is built on ${oldStack}, and ${newStack} is another release of the system: it needs a build.`;
  if (!runtime) return undefined;
  const oldName = nameOf(labels[ociLabels.runtime]);
  const newName = runtime.config.labels['berth.runtime'];
  if (oldName !== newName) return `It is built for ${oldName}, not for ${newName}.`;
  const [oldAbi, newAbi] = [labels[ociLabels.abi], runtime.config.labels[ociLabels.abi]];
  if (runtimeLayers > 0 && oldAbi !== newAbi)
    return `${versionLabel(runtime)} has another binary interface (${newAbi}) than it was built for (${oldAbi}): it needs a build.`;
  return undefined;
}

/** A runtime that is compiled into the app (Go, Rust) has no layer to move: only a build brings a new one. */
const movesRuntime = (old: readonly Layer[], runtime: PushedImage | undefined): boolean =>
  runtime !== undefined && old.length > 0 && runtime.layers.length > 0;

const isSame = (a: readonly Layer[], b: readonly Layer[]): boolean =>
  a.length === b.length && a.every((layer, index) => layer.diffId === b[index]?.diffId);

const nameOf = (label: string | undefined): string | undefined => label?.split('@')[0];

const stackLabel = (stack: PushedImage): string => `${stack.config.labels['berth.stack']}@${stack.digest}`;

const versionLabel = ({ config }: PushedImage): string =>
  `${config.labels['berth.runtime']}@${config.labels['berth.version']}`;

function runtimeLabels(runtime: PushedImage): Record<string, string> {
  return { [ociLabels.runtime]: versionLabel(runtime), [ociLabels.runtimeDigest]: runtime.digest };
}

/** What the app's plan set stays, on top of what the new runtime needs. */
function envOver({ env, labels }: ImageConfig, ofRuntime: Readonly<Record<string, string>>): Record<string, string> {
  const names = (labels[ociLabels.env] ?? '').split(' ').filter((name) => name in env);
  return { ...ofRuntime, ...Object.fromEntries(names.map((name) => [name, env[name]!])) };
}

const mountsOf = (image: PushedImage) => image.layers.map(({ digest }) => ({ digest, from: image.repository }));
