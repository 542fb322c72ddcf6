import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { createGunzip } from 'node:zlib';
import { planNode } from '@berth/buildpacks/node/plan';
import { run } from '@berth/daemon/spawn';
import { parseBerthYaml } from '@berth/domain/berth-yaml';
import type { FileTree } from '@berth/images/file-tree';
import { normaliseTar } from '@berth/images/normalise-tar';
import { expect, it } from 'vitest';
import { unpackDependencies } from '../src/unpack-dependencies.js';

const limits = { bytesMax: 512 * 1024 ** 2, entriesMax: 100_000 };

/** An Express app with a lockfile of 66 packages; and one with commands in .bin, scopes and nested versions. */
const apps = {
  'the app of the benchmarks': fileURLToPath(new URL('../../../scripts/bench/app', import.meta.url)),
  'node-build': fileURLToPath(new URL('../../../examples/node-build', import.meta.url)),
};

/** Path → what it is, for all that a package manager put there. */
async function contentsOf(tree: FileTree): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const { path, type, isExecutable, linkTarget } of tree.entries.values()) {
    if (!path.startsWith('node_modules/') || path === 'node_modules/.package-lock.json') continue;
    if (type === 'directory') continue; // an empty one is no part of a package
    const hash =
      type === 'file'
        ? createHash('sha256')
            .update((await tree.read(path)) ?? '')
            .digest('hex')
        : linkTarget;
    found.set(path, `${type} ${isExecutable && type === 'file' ? 'x' : '-'} ${hash}`);
  }
  return found;
}

async function byNpm(app: string): Promise<Map<string, string>> {
  const directory = await mkdtemp(join(tmpdir(), 'berth-npm-ci-'));
  try {
    for (const name of ['package.json', 'package-lock.json']) await cp(join(app, name), join(directory, name));
    await run(['npm', 'ci', '--no-audit', '--no-fund', '--prefix', directory]);
    const tar = await run(['tar', '--create', '--directory', directory, '--file', '-', 'node_modules']);
    const tree = await normaliseTar(Readable.from([tar.stdout]), limits);
    return await contentsOf(tree).finally(() => tree.close());
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function unpacked(app: string): Promise<Map<string, string>> {
  const names = ['package.json', 'package-lock.json'];
  const texts = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(app, name), 'utf8')])),
  );
  const view = { paths: [...names, 'server.js'], texts };
  const settings = parseBerthYaml('processes:\n  web: node server.js\n');
  const plan = planNode(view, settings).dependencies?.unpackAll;
  if (!plan) throw new Error('the lockfile does not say everything');
  const url = (await run(['npm', 'config', 'get', 'registry'])).stdout.toString().trim();
  const signal = new AbortController().signal;
  const layer = await unpackDependencies({ url }, plan, { bytesMax: limits.bytesMax, signal });
  try {
    const { data } = layer;
    if (data.kind === 'stream') throw new Error('a layer that was just packed has its bytes at hand');
    const bytes = data.kind === 'file' ? createReadStream(data.path) : Readable.from([data.bytes]);
    const tree = await normaliseTar(bytes.pipe(createGunzip()), limits, { below: 'app' });
    return await contentsOf(tree).finally(() => tree.close());
  } finally {
    await layer.dispose();
  }
}

it.each(Object.entries(apps))('unpacking the lockfile of %s gives the very tree of npm ci', async (_name, app) => {
  const [npm, ours] = [await byNpm(app), await unpacked(app)];
  expect(ours.size).toBeGreaterThan(10);
  expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(npm));
});
