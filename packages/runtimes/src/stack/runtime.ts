import { pushImage } from '@berth/images/push-image';
import { ensureToolchain } from '../debian/ensure-toolchain.js';
import { pushDebianBuildImage } from '../debian/push-debian-build-image.js';
import type { Runtime, RuntimeParts } from '../runtime.js';

const env = { PATH: '/app/bin:/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8' };

const ensureRun = ({ registry }: RuntimeParts, version: string) =>
  pushImage(registry, {
    repository: 'runtime/stack',
    tag: version,
    layers: [],
    config: {
      env,
      labels: {
        'berth.runtime': 'stack',
        'berth.version': version,
        'berth.recipe': '1',
        'berth.abi': 'berth-13',
        'berth.packages': '[]',
      },
    },
  });

/** No language at all: custom buildpacks bring theirs along, below the app's directory. */
export const stackRuntime: Runtime = {
  title: 'Debian',
  isOnStack: true,
  resolve: async () => '13',
  ensureRun,
  ensureBuild: async (parts, version) =>
    pushDebianBuildImage(parts, {
      name: 'stack',
      version,
      toolchain: await ensureToolchain(parts),
      runtime: await ensureRun(parts, version),
      tools: [],
      env,
    }),
};
