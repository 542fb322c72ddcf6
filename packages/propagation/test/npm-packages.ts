import { access, mkdir, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@berth/daemon/spawn';

/** A folder with these packages of npm and what they need, for apps that are to have other ones than this tree; fetched once per machine. */
export async function npmPackages(name: string, packages: readonly string[]): Promise<string> {
  const directory = join(tmpdir(), 'berth-test-downloads', name);
  const isThere = await access(join(directory, 'package.json')).then(
    () => true,
    () => false,
  );
  if (isThere) return directory;
  const half = `${directory}.${process.pid}`;
  await mkdir(half, { recursive: true });
  await run(['npm', 'install', '--prefix', half, '--no-audit', '--no-fund', ...packages]);
  await rename(half, directory);
  return directory;
}
