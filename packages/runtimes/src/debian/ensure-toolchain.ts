import { type DebianLayer, ensureDebianLayer } from './ensure-debian-layer.js';
import { link } from './link.js';

/**
 * What compiles C and C++ in a build image, and git for packages that come from repositories. One layer for all languages:
 * it lies straight on the stack, so that a host pulls it once.
 */
export function ensureToolchain(parts: Parameters<typeof ensureDebianLayer>[0]): Promise<DebianLayer> {
  return ensureDebianLayer(parts, {
    name: 'toolchain',
    packages: ['gcc', 'g++', 'libc6-dev', 'make', 'patch', 'pkgconf', 'git', 'unzip', 'xz-utils'],
    isShipped: false,
    link: {
      version: '1',
      // update-alternatives would make them.
      entries: () => [link('usr/bin/cc', 'gcc'), link('usr/bin/c++', 'g++')],
    },
  });
}
