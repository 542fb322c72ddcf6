import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { expect, test } from 'vitest';
import { loadHostKey } from './load-host-key.js';

test('the host key is made once, and made anew when no server could use it', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'berth-host-key-'));
  try {
    const path = join(dir, 'ssh_host_ed25519_key');
    await writeFile(path, '-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blb\n-----END OPENSSH PRIVATE KEY-----\n');
    const made = await loadHostKey(dir);
    expect(ssh2.utils.parseKey(made)).not.toBeInstanceOf(Error);
    expect(await loadHostKey(dir)).toBe(made);
    expect(await readFile(path, 'utf8')).toBe(made);
  } finally {
    await rm(dir, { recursive: true });
  }
});
