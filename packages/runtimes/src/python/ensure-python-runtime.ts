import type { PackedLayer } from '@berth/images/layer';
import { type LayerSource, type PushedImage, pushImage } from '@berth/images/push-image';
import { readImage } from '@berth/images/read-image';
import { writeLayer } from '@berth/images/write-layer';
import { shortHash } from '../debian/push-debian-runtime.js';
import { toolsBin } from '../npm/ensure-tool.js';
import type { RuntimeParts } from '../runtime.js';
import { fetchPython } from './fetch-python.js';
import { findBuild } from './list-python-builds.js';
import { ensurePythonPackages } from './python-packages.js';
import type { PythonBuild } from './python-version.js';

/** Raised when the layers are made in another way. */
const recipe = '2';

/** Where a Python lies that is not the stack's own. */
export const pythonRoot = 'opt/berth/runtimes/python';

const bundle = '/etc/ssl/certs/ca-certificates.crt';

/**
 * What images of Python apps get: the app's virtual environment first, then the interpreter. Python's own idea of where
 * certificates are is that of whoever built it; requests has a list of its own.
 */
export const pythonEnv = {
  PATH: `/app/.venv/bin:/${pythonRoot}/bin:${toolsBin}:/usr/local/bin:/usr/bin:/bin:/app/bin`,
  LANG: 'C.UTF-8',
  PYTHONUNBUFFERED: '1',
  SSL_CERT_FILE: bundle,
  REQUESTS_CA_BUNDLE: bundle,
};

/**
 * Makes sure that `runtime/python:<version>-<hash>` is in the registry: from packages of Debian, or as a
 * relocatable build with the libraries that it wants. 5 to 15 s the first time.
 */
export async function ensurePythonRuntime(parts: RuntimeParts, version: string): Promise<PushedImage> {
  const { registry, stack } = parts;
  const repository = 'runtime/python';
  const build = await findBuild(parts, version);
  const debian = await ensurePythonPackages(parts, build);
  const tag = `${version}-${shortHash([recipe, debian.layer.diffId, build.source, pythonEnv])}`;
  const known = await readImage(registry, repository, tag);
  if (known) return known;
  const { layer: packagesLayer, from, packages } = debian;
  const layers: LayerSource[] = [{ layer: packagesLayer, from }];
  let made: PackedLayer | undefined;
  try {
    if (build.source.kind === 'artifact') {
      const python = await fetchPython(parts, build.source.artifact);
      try {
        made = await writeLayer(python.entries, 'small');
      } finally {
        await python.close();
      }
      layers.push({ layer: made });
    }
    const labels = {
      'berth.runtime': 'python',
      'berth.version': version,
      'berth.recipe': recipe,
      'berth.abi': abiOf(build, stack),
      'berth.packages': JSON.stringify(packages),
    };
    return await pushImage(registry, { repository, tag, layers, config: { env: pythonEnv, labels } });
  } finally {
    await made?.dispose();
  }
}

/** What compiled packages of an app are bound to: the minor version; one that is made of Debian's packages also to the stack. */
function abiOf({ version, source }: PythonBuild, stack: PushedImage): string {
  const [major, minor] = version.split('.');
  const abi = `cpython-${major}${minor}`;
  return source.kind === 'artifact' ? abi : `${stack.config.labels['berth.stack'] ?? 'unknown'}/${abi}`;
}
