import { type PushedImage, pushImage } from '@berth/images/push-image';
import { mirrorRepository } from '../mirror/ensure-mirror-image.js';
import type { RuntimeParts } from '../runtime.js';
import { buildkitRelease } from './buildkit-release.js';
import { type CompileBuildkit, ensureBuildkitPrograms, frontendPath } from './ensure-buildkit-programs.js';
import { ensureDockerfileJail } from './ensure-dockerfile-jail.js';

/** What a build by Dockerfile works with. */
export interface DockerfileTools {
  /** The image of its jail. */
  jail: PushedImage;
  /** Puts the Dockerfile frontend into the mirror under a tag, as lines `# syntax=docker/dockerfile:<tag>` name it. */
  ensureFrontend: (tag: string) => Promise<PushedImage>;
}

export async function ensureDockerfileTools(parts: RuntimeParts, compile: CompileBuildkit): Promise<DockerfileTools> {
  const programs = await ensureBuildkitPrograms(parts, compile);
  return {
    jail: await ensureDockerfileJail(parts, programs),
    ensureFrontend: (tag) => ensureFrontend(parts, programs, tag),
  };
}

/** The repository of the frontend's image, as the public one is called. */
export const frontendRepository = 'docker/dockerfile';

/** Labels as BuildKit's own frontend/dockerfile/cmd/dockerfile-frontend/Dockerfile has them. */
const frontendLabels = {
  'moby.buildkit.frontend.network.none': 'true',
  'moby.buildkit.frontend.caps': ['inputs', 'subrequests', 'contexts', 'gitquerystring', 'contexts.zstd']
    .map((name) => `moby.buildkit.frontend.${name}`)
    .join(','),
  'berth.version': buildkitRelease.version,
};

function ensureFrontend({ registry }: RuntimeParts, programs: PushedImage, tag: string): Promise<PushedImage> {
  return pushImage(registry, {
    repository: mirrorRepository(frontendRepository),
    tag,
    layers: [{ layer: programs.layers[1]!, from: programs.repository }],
    config: { env: {}, entrypoint: [`/${frontendPath}`], labels: frontendLabels },
  });
}
