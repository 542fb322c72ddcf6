import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { run } from '@berth/daemon/spawn';
import { normaliseTar } from '@berth/images/normalise-tar';
import type { Registry } from '@berth/images/registry';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureRustToolchain } from '../src/rust/ensure-rust-toolchain.js';
import { fetchRustChannel } from '../src/rust/rust-channel.js';
import { openTestRegistry } from './open-parts.js';

const target = 'x86_64-unknown-linux-gnu';
let registry: Registry;
let directory: string;
let close: () => Promise<void>;
let mirror: Server;
let site: string;

/** A mirror of the distribution site with one release, laid out as the real one. */
beforeAll(async () => {
  ({ registry, directory, close } = await openTestRegistry());
  const files: Record<string, [component: string, path: string]> = {
    rustc: ['rustc', 'bin/rustc'],
    cargo: ['cargo', 'bin/cargo'],
    'rust-std': [`rust-std-${target}`, `lib/rustlib/${target}/lib/libstd.rlib`],
  };
  await mkdir(join(directory, 'dist'));
  let channel = 'date = "2025-11-20"\n';
  for (const [name, [component, path]] of Object.entries(files)) {
    const top = `${name}-1.0.0-${target}`;
    await mkdir(join(directory, top, component, path, '..'), { recursive: true });
    await writeFile(join(directory, top, component, path), name, { mode: 0o755 });
    await writeFile(join(directory, top, component, 'manifest.in'), 'x');
    await writeFile(join(directory, top, 'install.sh'), 'x');
    await run([
      'tar',
      '--create',
      '--gzip',
      '--directory',
      directory,
      '--file',
      join(directory, 'dist', `${top}.tar.gz`),
      top,
    ]);
    const hash = createHash('sha256')
      .update(await readFile(join(directory, 'dist', `${top}.tar.gz`)))
      .digest('hex');
    const about = `available = true\nurl = "https://site.test/dist/${top}.tar.gz"\nhash = "${hash}"`;
    channel += `[pkg.${name}]\nversion = "1.0.0 (x)"\n[pkg.${name}.target.${target}]\n${about}\n`;
  }
  await writeFile(join(directory, 'dist/channel-rust-stable.toml'), channel);
  mirror = createServer((request, response) => {
    readFile(join(directory, request.url!)).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => mirror.listen(0, '127.0.0.1', resolve));
  site = `http://127.0.0.1:${(mirror.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  mirror.close();
  await close();
});

const sources = { npm: '', apt: { lines: [], options: [] } };

it('puts compiler, Cargo and library of a release into one layer, and leaves its installer out', async () => {
  const release = { ...(await fetchRustChannel(site, 'stable')), version: `1.0.0-${randomUUID()}` };
  const image = await ensureRustToolchain({ registry, sources }, release);
  const blob = await registry.getBlob(image.repository, image.layers[0]!.digest);
  const tree = await normaliseTar(
    pipeline(blob!, createGunzip(), () => {}),
    { bytesMax: 1e6, entriesMax: 100 },
  );
  const files = [...tree.entries.values()].filter(({ type }) => type === 'file');
  const root = 'opt/berth/runtimes/rust';
  expect(files.map(({ path, isExecutable }) => [path, isExecutable])).toEqual([
    [`${root}/bin/cargo`, true],
    [`${root}/bin/rustc`, true],
    [`${root}/lib/rustlib/${target}/lib/libstd.rlib`, true],
  ]);
  await tree.close();
});

it('refuses an archive that is not the one of the release', async () => {
  const release = await fetchRustChannel(site, 'stable');
  const [archive] = release.archives;
  const forged = { url: archive!.url, expected: { algorithm: 'sha256' as const, hash: '0'.repeat(64) } };
  const made = ensureRustToolchain({ registry, sources }, { version: `1.0.0-${randomUUID()}`, archives: [forged] });
  await expect(made).rejects.toThrow(`does not have the sha256 ${'0'.repeat(64)}`);
});

it('says so when there is no such release', async () => {
  await expect(fetchRustChannel(site, '1.820.0')).rejects.toThrow('There is no Rust 1.820.0.');
});
