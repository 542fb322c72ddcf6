import { type DebianLayer, ensureDebianLayer } from '../debian/ensure-debian-layer.js';
import { withSuite } from '../debian/with-suite.js';
import type { RuntimeParts } from '../runtime.js';
import { linkPython } from './link-python.js';
import type { PythonBuild } from './python-version.js';

/** Packages' compiled parts may want these: PostgreSQL's and MariaDB's client. */
const clientLibraries = ['libpq5', 'libmariadb3'];
/** What a relocatable build takes from its system. */
const systemLibraries = ['libreadline8t64', 'libncursesw6', 'libsqlite3-0'];
/** For packages that come without a wheel: headers of what is in the image that they run in. */
const headers = ['libpq-dev', 'libmariadb-dev', 'libffi-dev'];

const minorOf = (version: string) => version.split('.').slice(0, 2).join('.');

/** The layer of Debian packages of a Python: the interpreter itself, or the libraries that a relocatable build wants. */
export function ensurePythonPackages(parts: RuntimeParts, { version, source }: PythonBuild): Promise<DebianLayer> {
  const minor = minorOf(version);
  switch (source.kind) {
    case 'stack':
      return ensureDebianLayer(parts, {
        name: 'python',
        packages: ['python3', ...clientLibraries],
        isShipped: true,
        link: linkPython(parts, undefined),
      });
    case 'suite':
      return ensureDebianLayer(
        { ...parts, sources: withSuite(parts, source.suite) },
        {
          name: `python-${minor}`,
          packages: [`python${minor}`, ...clientLibraries],
          isShipped: true,
          link: linkPython(parts, minor),
        },
      );
    case 'artifact': {
      // 3.12's ctypes was linked with a libffi that the stack no longer has.
      const [older, more] = minor === '3.12' ? [withSuite(parts, 'bullseye'), ['libffi7']] : [parts.sources, []];
      return ensureDebianLayer(
        { ...parts, sources: older },
        { name: 'python-libraries', packages: [...systemLibraries, ...clientLibraries, ...more], isShipped: true },
      );
    }
  }
}

/** Headers for packages that have to be compiled, above the runtime and the compilers. */
export function ensurePythonHeaders(
  parts: RuntimeParts,
  { version, source }: PythonBuild,
  below: readonly DebianLayer[],
): Promise<DebianLayer> {
  const own = source.kind === 'artifact' ? [] : [`python${minorOf(version)}-dev`];
  const sources = source.kind === 'suite' ? withSuite(parts, source.suite) : parts.sources;
  const packages = [...headers, ...own];
  return ensureDebianLayer({ ...parts, sources }, { name: 'python-headers', packages, below, isShipped: false });
}
