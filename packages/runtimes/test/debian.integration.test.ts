import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { FileTree } from '@berth/images/file-tree';
import { normaliseTar } from '@berth/images/normalise-tar';
import { type PushedImage, pushImage } from '@berth/images/push-image';
import type { Registry } from '@berth/images/registry';
import { writeLayer } from '@berth/images/write-layer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DebianLayer, type DebianWish, ensureDebianLayer } from '../src/debian/ensure-debian-layer.js';
import { readStackState } from '../src/debian/read-stack-state.js';
import { openParts } from './open-parts.js';

let registry: Registry;
let stack: PushedImage;
let sources: { apt: { lines: string[]; options: string[] }; cacheDir: string };
let directory: string;
let close: () => Promise<void>;
const from = `trial-${randomUUID()}`;

beforeAll(async () => {
  ({ registry, stack, sources, directory, close } = await openParts());
});
afterAll(() => close?.());

const jq: DebianWish = { name: `${from}-a`, packages: ['jq'], isShipped: true };

async function filesOf({ layer, from: repository }: DebianLayer): Promise<FileTree> {
  const blob = await registry.getBlob(repository, layer.digest);
  const plain = pipeline(blob!, createGunzip(), () => {});
  return normaliseTar(plain, { bytesMax: 64 * 1024 ** 2, entriesMax: 10_000 });
}

test('a layer holds the packages that the stack lacks, and no file of the stack', async () => {
  const layer = await ensureDebianLayer({ registry, stack, sources }, jq);
  expect(layer.packages.map((one) => one.replace(/=.*/, ''))).toEqual(['jq', 'libjq1', 'libonig5']);
  expect(layer.libraries).toContain('libjq.so.1');
  const files = await filesOf(layer);
  const paths = [...files.entries.keys()];
  expect(files.entries.get('usr/bin/jq')).toMatchObject({ type: 'file', mode: 0o755, uid: 0, gid: 0 });
  expect((await files.read('var/lib/dpkg/status.d/jq'))?.toString()).toMatch(/^Package: jq$/m);
  expect(paths).toContain('usr/share/doc/jq/copyright');
  expect(paths.filter((path) => /^(usr\/share\/man|lib|bin|etc)\b|^var\/lib\/dpkg\/status$/.test(path))).toEqual([]);
  await files.close();
});

test('made twice from the same packages it has the same bytes; the second time nothing is made', async () => {
  const first = await ensureDebianLayer({ registry, stack, sources }, jq);
  const again = await ensureDebianLayer({ registry, stack, sources }, { ...jq, name: `${from}-b` });
  expect(again.layer).toEqual(first.layer);
  const nowhere = { apt: { lines: [], options: [] }, cacheDir: join(directory, 'nothing') };
  expect(await ensureDebianLayer({ registry, stack, sources: nowhere }, jq)).toEqual(first);
});

test('two builders that make the same layer at once both have it', async () => {
  const own = { ...sources, cacheDir: join(directory, 'shared') };
  const wish = { ...jq, name: `${from}-c` };
  const [one, other] = await Promise.all([
    ensureDebianLayer({ registry, stack, sources: own }, wish),
    ensureDebianLayer({ registry, stack, sources: own }, wish),
  ]);
  expect(one).toEqual(other);
});

test('what layers below hold is not put in again', async () => {
  const below = [await ensureDebianLayer({ registry, stack, sources }, jq)];
  const wish = { name: `${from}-d`, packages: ['jq', 'libonig-dev'], below, isShipped: false };
  const layer = await ensureDebianLayer({ registry, stack, sources }, wish);
  expect(layer.packages.some((one) => one.startsWith('libonig-dev='))).toBe(true);
  expect(layer.packages.some((one) => /^(jq|libjq1|libonig5)=/.test(one))).toBe(false);
});

test('a library that nobody has is found before a container starts', async () => {
  const made = await ensureDebianLayer({ registry, stack, sources }, jq);
  const claims = { ...made, packages: made.packages.filter((one) => one.startsWith('libonig5=')), libraries: [] };
  const wish = { ...jq, name: `${from}-e`, below: [claims] };
  await expect(ensureDebianLayer({ registry, stack, sources }, wish)).rejects.toThrow('libonig.so.5');
});

test('link steps add and replace files', async () => {
  const wish: DebianWish = {
    ...jq,
    name: `${from}-f`,
    link: {
      version: '1',
      entries: async (files) => {
        expect(files.get('usr/bin/jq')?.type).toBe('file');
        const target = { type: 'symlink' as const, mode: 0o777, uid: 0, gid: 0 };
        return [{ ...target, path: 'usr/bin/json', linkTarget: 'jq' }];
      },
    },
  };
  const files = await filesOf(await ensureDebianLayer({ registry, stack, sources }, wish));
  expect(files.entries.get('usr/bin/json')?.linkTarget).toBe('jq');
  await files.close();
});

test('a shipped layer never replaces a package of the stack; a build image may', async () => {
  const state = await readStackState(registry, stack, directory);
  const old = await stackWith(
    `${state.status.trimEnd()}\n\nPackage: libonig5\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.0\n`,
  );
  const wish = { ...jq, name: `${from}-g` };
  await expect(ensureDebianLayer({ registry, stack: old, sources }, wish)).rejects.toThrow(
    'The stack is older than the Debian packages',
  );
  const layer = await ensureDebianLayer(
    { registry, stack: old, sources },
    { ...wish, isShipped: false, mayLack: state.libraries.concat('libc.so.6', 'libm.so.6') },
  );
  expect(layer.packages.some((one) => one.startsWith('libonig5='))).toBe(true);
});

/** A stack of which only dpkg's list is there. */
async function stackWith(status: string): Promise<PushedImage> {
  const content = Buffer.from(status);
  const file = { path: 'var/lib/dpkg/status', type: 'file' as const, mode: 0o644, uid: 0, gid: 0 };
  const layer = await writeLayer([{ ...file, content, sizeBytes: content.length }]);
  const image = { repository: `stack/${from}`, tag: 'latest', layers: [{ layer }], config: { env: {}, labels: {} } };
  return pushImage(registry, image);
}
