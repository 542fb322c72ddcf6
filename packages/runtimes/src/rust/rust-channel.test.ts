import { expect, it } from 'vitest';
import { readRustChannel } from './rust-channel.js';

const file = (version: string) =>
  `manifest-version = "2"\ndate = "2025-11-20"\n${['rustc', 'cargo', 'rust-std', 'clippy']
    .map(
      (name) => `[pkg.${name}]\nversion = "${version} (abc 2025-11-19)"
[pkg.${name}.target.aarch64-apple-darwin]\navailable = false
[pkg.${name}.target.x86_64-unknown-linux-gnu]\navailable = true
url = "https://site.test/dist/2025-11-20/${name}-1-x86_64-unknown-linux-gnu.tar.gz"\nhash = "${name.length}"\n`,
    )
    .join('')}`;

it('takes the archives that a build needs from the mirror, with the hashes of the file', () => {
  expect(readRustChannel(file('1.91.1'), 'https://mirror.test/rust')).toEqual({
    version: '1.91.1',
    archives: ['rustc', 'cargo', 'rust-std'].map((name) => ({
      url: `https://mirror.test/rust/dist/2025-11-20/${name}-1-x86_64-unknown-linux-gnu.tar.gz`,
      expected: { algorithm: 'sha256', hash: String(name.length) },
    })),
  });
});

it.each([
  ['1.93.0-nightly', 'nightly-2025-11-20'],
  ['1.92.0-beta.3', 'beta-2025-11-20'],
])('calls %s by its day', (version, name) => {
  expect(readRustChannel(file(version), 'https://mirror.test').version).toBe(name);
});
