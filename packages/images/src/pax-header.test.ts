import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@berth/daemon/spawn';
import { describe, expect, it } from 'vitest';
import type { LayerEntry } from './layer.js';
import { packTar } from './pack-tar.js';
import { fileCapability } from './pax-header.js';

const file = (path: string, more: Partial<LayerEntry> = {}): LayerEntry => ({
  ...{ path, type: 'file', mode: 0o755, uid: 0, gid: 0, content: Buffer.from(path) },
  ...more,
});

describe('a file capability in a tar', () => {
  it('is what setcap writes, and disturbs no other member', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'berth-pax-'));
    try {
      const entries = [file('a'), file('newuidmap', { capability: fileCapability('setuid') }), file('z')];
      const chunks: Buffer[] = [];
      for await (const chunk of packTar(entries)) chunks.push(chunk);
      await writeFile(join(directory, 'x.tar'), Buffer.concat(chunks));
      const list = await run([
        'tar',
        '--list',
        '--verbose',
        '--verbose',
        '--xattrs-include=*',
        '-f',
        join(directory, 'x.tar'),
      ]);
      const text = list.stdout.toString();
      expect(text.match(/ (a|newuidmap|z)$/gm)?.length).toBe(3);
      expect(text).toContain('x: 20 security.capability');
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });

  it('has the bytes of vfs_cap_data', () => {
    expect(fileCapability('setuid').toString('hex')).toBe('0100000280000000000000000000000000000000');
    expect(fileCapability('setgid').toString('hex')).toBe('0100000240000000000000000000000000000000');
  });
});
