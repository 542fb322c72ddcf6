import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { LayerEntry, PackedLayer } from './layer.js';
import { writeLayer } from './write-layer.js';

const MiB = 1024 ** 2;
/** Text that can be packed, another in each line. */
const file = (path: string, bytes: number): LayerEntry => {
  const line = (at: number) =>
    `${path} line ${at} ${createHash('sha1').update(String(at)).digest('hex').slice(0, 6)}\n`;
  const content = Buffer.from(
    Array.from({ length: Math.ceil(bytes / 20) }, (_, at) => line(at))
      .join('')
      .slice(0, bytes),
  );
  return { path, type: 'file', mode: 0o644, uid: 0, gid: 0, content, sizeBytes: bytes };
};
const bytesOf = ({ data }: PackedLayer) =>
  data.kind === 'file' ? readFile(data.path) : (data as { bytes: Buffer }).bytes;
const sha256 = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** Content of an entry; this process's commands are gone once it is read. */
async function killPackers(): Promise<Buffer> {
  const children = await readFile(`/proc/self/task/${process.pid}/children`, 'utf8');
  for (const pid of children.trim().split(' ').filter(Boolean)) {
    if ((await readFile(`/proc/${pid}/comm`, 'utf8')).startsWith('igzip')) process.kill(Number(pid), 'SIGKILL');
  }
  return Buffer.alloc(10);
}

describe('a layer', () => {
  it.each([
    ['in memory', 1000],
    ['in memory, by a command', MiB],
    ['in a file', 9 * MiB],
  ])('made %s is the same each time, and what its digests say, however it is packed', async (_, bytes) => {
    const entries = [file('app/a', bytes), file('app/b', 10)];
    const diffIds = new Set<string>();
    for (const effort of ['fast', 'small'] as const) {
      const [one, two] = [await writeLayer(entries, effort), await writeLayer(entries, effort)];
      const packed = await bytesOf(one);
      expect(two).toMatchObject({ digest: one.digest, diffId: one.diffId, sizeBytes: one.sizeBytes });
      expect(sha256(packed)).toBe(one.digest);
      expect(packed).toHaveLength(one.sizeBytes);
      expect(sha256(gunzipSync(packed))).toBe(one.diffId);
      diffIds.add(one.diffId);
      await Promise.all([one.dispose(), two.dispose()]);
    }
    expect(diffIds.size).toBe(1);
  });

  const itWithIgzip = existsSync('/usr/bin/igzip') ? it : () => {};
  itWithIgzip('is refused, and nothing else ends, when the command that packs it is killed meanwhile', async () => {
    const killed = { ...file('app/b', 10), content: killPackers };
    const entries = [file('app/a', MiB), killed, ...['c', 'd', 'e'].map((name) => file(`app/${name}`, 4 * MiB))];
    await expect(writeLayer(entries)).rejects.toThrow('ended with SIGKILL');
  });
});
