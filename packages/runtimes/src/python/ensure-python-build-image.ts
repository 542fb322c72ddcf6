import { appUser } from '@berth/images/layer';
import { type LayerSource, type PushedImage, pushImage } from '@berth/images/push-image';
import { readImage } from '@berth/images/read-image';
import { writeLayer } from '@berth/images/write-layer';
import { ensureToolchain } from '../debian/ensure-toolchain.js';
import { shortHash } from '../debian/push-debian-runtime.js';
import { jailEntries } from '../jail-entries.js';
import { ownRoot, readOwnFiles } from '../own-files.js';
import type { RuntimeParts } from '../runtime.js';
import { ensurePythonRuntime, pythonEnv } from './ensure-python-runtime.js';
import { ensureUv, uvVersion } from './ensure-uv.js';
import { findBuild } from './list-python-builds.js';
import { ensurePythonHeaders, ensurePythonPackages } from './python-packages.js';

/** Folder of our own commands for builds. */
const own = 'python-build';

/** Raised when the image is made in another way. */
const recipe = '1';

/**
 * The image that a jail runs for Python builds: stack, compilers, runtime, headers, uv and pip, as
 * `build/python:<version>-<runtime>`. A minute the first time, cheap when it is there.
 */
export async function ensurePythonBuildImage(parts: RuntimeParts, version: string): Promise<PushedImage> {
  const { registry, stack } = parts;
  const runtime = await ensurePythonRuntime(parts, version);
  const repository = 'build/python';
  const commands = await readOwnFiles(own);
  const contents = commands.map(({ path, content }) => [path, String(content)]);
  const tag = `${version}-${shortHash([recipe, runtime.digest, uvVersion, contents, installerEnv])}`;
  const known = await readImage(registry, repository, tag);
  if (known) return known;
  const build = await findBuild(parts, version);
  const [toolchain, packages, uv] = await Promise.all([
    ensureToolchain(parts),
    ensurePythonPackages(parts, build),
    ensureUv(parts),
  ]);
  const headers = await ensurePythonHeaders(parts, build, [toolchain, packages]);
  const layersOf = (image: PushedImage): LayerSource[] =>
    image.layers.map((layer) => ({ layer, from: image.repository }));
  return pushImage(registry, {
    repository,
    tag,
    layers: [
      ...layersOf(stack),
      toolchain,
      ...layersOf(runtime),
      headers,
      ...layersOf(uv),
      { layer: await writeLayer([...commands, ...jailEntries]) },
    ],
    config: {
      env: { ...pythonEnv, PATH: `/${ownRoot(own)}/bin:${pythonEnv.PATH}`, ...installerEnv },
      user: `${appUser.uid}:${appUser.gid}`,
      workingDir: '/workspace',
      labels: { 'berth.build': 'python', 'berth.version': version },
    },
  });
}

/** Caches on the app's cache disk; no interpreter but ours; nothing that depends on the time of the build. */
const installerEnv = {
  PIP_CERT: pythonEnv.SSL_CERT_FILE,
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
