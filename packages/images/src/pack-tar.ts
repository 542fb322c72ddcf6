import { pack } from 'tar-stream';
import { fixedMtime, type LayerEntry } from './layer.js';
import { paxHeader } from './pax-header.js';

/** The plain tar of some entries, in their order, with one fixed time; contents are read as they are needed. */
export async function* packTar(entries: readonly LayerEntry[]): AsyncGenerator<Buffer> {
  const tar = pack();
  const added = (async () => {
    for (const entry of entries) await addEntry(tar, entry);
    tar.finalize();
  })();
  added.catch((error) => tar.destroy(error));
  try {
    for await (const chunk of tar) yield chunk as Buffer;
    await added;
  } finally {
    tar.destroy();
  }
}

async function addEntry(tar: ReturnType<typeof pack>, entry: LayerEntry): Promise<void> {
  const header = {
    name: entry.type === 'directory' ? `${entry.path}/` : entry.path,
    mode: entry.mode,
    uid: entry.uid,
    gid: entry.gid,
    mtime: fixedMtime,
    uname: '',
    gname: '',
  };
  if (entry.type !== 'file') {
    const type = entry.type;
    tar.entry(entry.linkTarget === undefined ? { ...header, type } : { ...header, type, linkname: entry.linkTarget });
    return;
  }
  const content = typeof entry.content === 'function' ? await entry.content() : (entry.content ?? Buffer.alloc(0));
  // Nothing is pending here: each member is written to its end before the next.
  if (entry.capability) tar.push(paxHeader({ 'security.capability': entry.capability }, fixedMtime));
  await new Promise<void>((resolve, reject) => {
    tar.entry({ ...header, type: 'file', size: content.length }, content, (error) =>
      error ? reject(error) : resolve(),
    );
  });
}
