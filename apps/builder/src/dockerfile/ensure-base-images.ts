import { UserError } from '@berth/domain/errors';
import type { Layer } from '@berth/images/layer';
import type { PushedImage } from '@berth/images/push-image';
import type { DockerfileTools } from '@berth/runtimes/buildkit/ensure-dockerfile-tools';
import { frontendRepository } from '@berth/runtimes/buildkit/ensure-dockerfile-tools';
import { parseImageReference } from '@berth/runtimes/mirror/image-reference';
import { mirrorWishOf } from '@berth/runtimes/mirror/mirror-names';
import type { RunningBuild } from '../running-build.js';
import type { PlannedDockerfile } from './plan-dockerfile.js';

/** Images that a Dockerfile names, as far as we answer them. */
export interface BaseImages {
  /** Their layers by digest, with the repository that each is in. */
  layers: ReadonlyMap<string, { layer: Layer; from: string }>;
  /** Public names that we have no answer for: the registry of that name may, if this host reaches it. */
  unknown: readonly { image: string; line: number; reason?: string }[];
}

/** Makes sure that the images of FROM and `# syntax=` lines are in the mirror, as far as they are ours to answer. */
export async function ensureBaseImages(
  { builder, output }: RunningBuild,
  { facts, dockerfile }: PlannedDockerfile,
  tools: DockerfileTools,
): Promise<BaseImages> {
  const layers = new Map<string, { layer: Layer; from: string }>();
  const unknown: { image: string; line: number; reason?: string }[] = [];
  const add = (image: PushedImage) => {
    for (const layer of image.layers) layers.set(layer.digest, { layer, from: image.repository });
  };
  const syntax = facts.syntax === undefined ? undefined : parseImageReference(facts.syntax);
  // Its tag becomes one of ours: nothing but versions.
  const isFrontend = syntax?.registry === 'docker.io' && syntax.repository === frontendRepository;
  if (isFrontend && !syntax.digest && /^(latest|labs|\d{1,3}(\.\d{1,3}){0,2}(-labs)?)$/.test(syntax.tag))
    await tools.ensureFrontend(syntax.tag);
  for (const { image, line } of facts.images) {
    const reference = parseImageReference(image);
    const ours = mirrorWishOf(reference);
    if (!ours) {
      if (reference.registry === 'docker.io') unknown.push({ image, line });
      continue;
    }
    try {
      const made = await builder.bases.mirror(ours);
      add(made);
      output.say(`${dockerfile.path} line ${line}: ${image} is ${made.config.labels['berth.mirror']}`);
    } catch (error) {
      // A version that we do not have: the public registry may.
      if (!(error instanceof UserError)) throw error;
      unknown.push({ image, line, reason: error.publicMessage });
    }
  }
  return { layers, unknown };
}
