import { buffer } from 'node:stream/consumers';
import type { LayerEntry } from '@berth/images/layer';
import yauzl from 'yauzl';
import { fetchWheel } from '../pypi/pypi-index.js';
import { findBuild } from '../python/list-python-builds.js';
import type { RuntimeParts } from '../runtime.js';

const version = '25.3';
const bytesMax = 16 * 1024 ** 2;
const root = { uid: 0, gid: 0 };

/** pip, which every public Python image has and no runtime layer of ours: from its wheel, as a package of this Python. */
export async function pipEntries(parts: RuntimeParts, python: string): Promise<LayerEntry[]> {
  const { source } = await findBuild(parts, python);
  const minor = python.split('.').slice(0, 2).join('.');
  const packages =
    source.kind === 'artifact'
      ? `opt/berth/runtimes/python/lib/python${minor}/site-packages`
      : `usr/local/lib/python${minor}/dist-packages`; // where Debian's looks for what is no package of Debian
  const wheel = await fetchWheel(parts.sources, { project: 'pip', version, tags: /-py3-none-any\.whl$/, bytesMax });
  const archive = await yauzl.fromBufferPromise(wheel);
  const entries: LayerEntry[] = [];
  for await (const entry of archive.eachEntry()) {
    if (!/^pip(-[\d.]+\.dist-info)?\//.test(entry.fileName) || entry.uncompressedSize > bytesMax) continue;
    entries.push(
      file(`${packages}/${entry.fileName}`, await buffer(await archive.openReadStreamPromise(entry)), 0o644),
    );
  }
  const script = Buffer.from('#!/bin/sh\nexec python3 -m pip "$@"\n');
  return [...entries, ...['pip', 'pip3'].map((name) => file(`usr/local/bin/${name}`, script, 0o755))];
}

function file(path: string, content: Buffer, mode: number): LayerEntry {
  return { path, type: 'file', mode, ...root, content, sizeBytes: content.length };
}
