import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import ssh2 from 'ssh2';

/** The server's SSH key (ed25519), made once and kept beside the repositories: clients remember it. */
export async function loadHostKey(dir: string): Promise<string> {
  const path = join(dir, 'ssh_host_ed25519_key');
  const kept = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (kept && isReadable(kept)) return kept;
  // Nobody can remember a key that no server could use.
  if (kept) await rm(path, { force: true });
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, makeKey(), { mode: 0o600, flush: true });
  // Whole or not at all, and never over one that is there.
  await link(draft, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(draft);
  return readFile(path, 'utf8');
}

/** Of the keys that ssh2 1.17 makes, some in a thousand are ones that it cannot read itself. */
function makeKey(): string {
  for (;;) {
    const { private: key } = ssh2.utils.generateKeyPairSync('ed25519', { comment: 'berth' });
    if (isReadable(key)) return key;
  }
}

const isReadable = (key: string) => !(ssh2.utils.parseKey(key) instanceof Error);
