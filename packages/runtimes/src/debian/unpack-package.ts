import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { run } from '@berth/daemon/spawn';
import type { LayerEntry } from '@berth/images/layer';
import { normaliseTar } from '@berth/images/normalise-tar';
import type { Spool } from '@berth/images/spool';
import type { DebianPackage } from './resolve-packages.js';

/** A package of Debian's is at most this large, unpacked (the largest that we use has 200 MB). */
const limits = { bytesMax: 2 * 1024 ** 3, entriesMax: 100_000 };

/**
 * The files of one .deb as they lie in it, owned by root, and the list entry that image scanners look for. Nothing of it is
 * run. Contents go to `spool`.
 */
export async function unpackPackage(path: string, { name }: DebianPackage, spool: Spool): Promise<LayerEntry[]> {
  const child = spawn('dpkg-deb', ['--fsys-tarfile', path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const tree = await normaliseTar(child.stdout, limits, { spool });
  const [code] = await ended;
  if (code !== 0) throw new Error(`dpkg-deb --fsys-tarfile of ${name} ended with ${code}`);
  const { stdout } = await run(['dpkg-deb', '--field', path]);
  return [
    ...tree.toRootEntries().map((entry) => ({ ...entry, uid: 0, gid: 0 })),
    {
      path: `var/lib/dpkg/status.d/${name}`,
      type: 'file',
      mode: 0o644,
      uid: 0,
      gid: 0,
      content: stdout,
      sizeBytes: stdout.length,
    },
  ];
}
