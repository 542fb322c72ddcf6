import { access, mkdir, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@berth/daemon/spawn';

/** The path of BullMQ's index in a release before this one's, with what it needs; fetched once per machine. */
export async function olderBullmq(version: string): Promise<string> {
  const directory = join(tmpdir(), 'berth-test-downloads', `bullmq-${version}`);
  const index = join(directory, 'node_modules/bullmq/dist/cjs/index.js');
  const isThere = await access(index).then(
    () => true,
    () => false,
  );
  if (isThere) return index;
  const half = `${directory}.${process.pid}`;
  await mkdir(half, { recursive: true });
  await run(['npm', 'install', '--prefix', half, '--no-audit', '--no-fund', `bullmq@${version}`]);
  await rename(half, directory);
  return index;
}
