import { parse } from 'smol-toml';
import { expect, test } from 'vitest';
import { cratesIndex, inContainer, mavenMirror, pipIndex } from './host-sources.mjs';

test('pip: the strongest file wins, other sections are not read', () => {
  const weak = '[global]\nindex-url = https://weak.test/simple\n[search]\nindex-url = https://search.test/simple\n';
  expect(pipIndex([weak])).toBe('https://weak.test/simple');
  expect(pipIndex([weak, '[install]\nindex_url: https://strong.test/simple\n'])).toBe('https://strong.test/simple');
  expect(pipIndex(['[global]\ncert = /x.crt\n'])).toBeUndefined();
});

test('Maven: only a mirror that stands for the central repository', () => {
  const mirror = (/** @type {string} */ of, more = '') =>
    `<settings><mirrors><!-- <mirror><mirrorOf>*</mirrorOf><url>no</url></mirror> -->
     <mirror><id>a</id><mirrorOf>${of}</mirrorOf><url> https://maven.test/repo </url>${more}</mirror></mirrors></settings>`;
  expect(mavenMirror(mirror('central'))).toBe('https://maven.test/repo');
  expect(mavenMirror(mirror('external:*, !snapshots'))).toBe('https://maven.test/repo');
  expect(mavenMirror(mirror('*,!central'))).toBeUndefined();
  expect(mavenMirror(mirror('external:http:*'))).toBeUndefined();
  expect(mavenMirror(mirror('*', '<blocked>true</blocked>'))).toBeUndefined();
  expect(mavenMirror('')).toBeUndefined();
});

test('Cargo: replacements are followed', () => {
  const config = parse(`
    [source.crates-io]
    replace-with = "company"
    [source.company]
    replace-with = "mirror"
    [source.mirror]
    registry = "sparse+https://crates.test/index/"
  `);
  expect(cratesIndex([config])).toBe('sparse+https://crates.test/index/');
  const named = parse('[source.crates-io]\nreplace-with="own"\n[registries.own]\nindex="sparse+https://own.test/"\n');
  expect(cratesIndex([named])).toBe('sparse+https://own.test/');
  expect(cratesIndex([parse('[build]\njobs = 1\n')])).toBeUndefined();
});

test("apt: the certificates of the host are where the builder's are", () => {
  expect(inContainer('Acquire::https::CaInfo "/home/me/ca.pem";')).toBe(
    'Acquire::https::CaInfo "/etc/ssl/certs/ca-certificates.crt";',
  );
  expect(inContainer('Acquire::http::Proxy "http://proxy.test:3142";')).toBe(
    'Acquire::http::Proxy "http://proxy.test:3142";',
  );
});
