import { appUser } from '@berth/images/layer';
import { type LayerSource, type PushedImage, pushImage } from '@berth/images/push-image';
import { readImage } from '@berth/images/read-image';
import { writeLayer } from '@berth/images/write-layer';
import { ensureDebianLayer } from '../debian/ensure-debian-layer.js';
import { ensureToolchain } from '../debian/ensure-toolchain.js';
import { jailEntries } from '../jail-entries.js';
import type { RuntimeParts } from '../runtime.js';
import { ensurePythonPackages, ensurePythonRuntime, findBuild, pythonEnv } from './ensure-python-runtime.js';
import { ensureUv } from './ensure-uv.js';

/** Raised when the image is made in another way. */
const recipe = '1';

/** For packages that come without a wheel: headers of what is in the image that they run in. */
const headers = ['libpq-dev', 'libffi-dev'];

/**
 * The image that a jail runs for Python builds: stack, compilers, runtime, headers, pip and uv, as
 * `build/python:<version>-<runtime>`. A minute the first time, cheap when it is there.
 */
export async function ensurePythonBuildImage(parts: RuntimeParts, version: string): Promise<PushedImage> {
  const { registry, stack } = parts;
  const runtime = await ensurePythonRuntime(parts, version);
  const repository = 'build/python';
  const tag = `${version}-${runtime.digest.slice('sha256:'.length, 'sha256:'.length + 12)}-${recipe}`;
  const known = await readImage(registry, repository, tag);
  if (known) return known;
  const build = await findBuild(parts, version);
  const [toolchain, packages, uv] = await Promise.all([
    ensureToolchain(parts),
    ensurePythonPackages(parts, build),
    ensureUv(parts),
  ]);
  const development = await ensureDebianLayer(parts, {
    name: 'python-development',
    packages: build.source === 'debian' ? [...headers, 'python3-dev', 'python3-pip', 'python3-venv'] : headers,
    below: [toolchain, packages],
    isShipped: false,
  });
  const layersOf = (image: PushedImage): LayerSource[] =>
    image.layers.map((layer) => ({ layer, from: image.repository }));
  return pushImage(registry, {
    repository,
    tag,
    layers: [
      ...layersOf(stack),
      { layer: toolchain.layer, from: toolchain.from },
      ...layersOf(runtime),
      { layer: development.layer, from: development.from },
      ...layersOf(uv),
      { layer: await writeLayer(jailEntries) },
    ],
    config: {
      env: { ...pythonEnv, PIP_CERT: pythonEnv.SSL_CERT_FILE, ...installerEnv },
      user: `${appUser.uid}:${appUser.gid}`,
      workingDir: '/workspace',
      labels: { 'berth.build': 'python', 'berth.version': version },
    },
  });
}

/** Caches on the app's cache disk; no interpreter but ours; nothing that depends on the time of the build. */
const installerEnv = {
  PIP_CACHE_DIR: '/cache/pip',
  PIP_DISABLE_PIP_VERSION_CHECK: '1',
  PIP_NO_INPUT: '1',
  PIP_PROGRESS_BAR: 'off',
  PYTHONDONTWRITEBYTECODE: '1',
  UV_CACHE_DIR: '/cache/uv',
  UV_LINK_MODE: 'copy',
  UV_NO_PROGRESS: '1',
  UV_PYTHON_DOWNLOADS: 'never',
  UV_PROJECT_ENVIRONMENT: '/app/.venv',
};
