import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { has, run } from './command.mjs';

/**
 * Where this host's own tools get packages from, as settings of the builder. What the host says nothing about is left
 * out: the tool's own default holds then.
 * @returns {Promise<Record<string, string>>}
 */
export async function hostSources() {
  const { parse } = await import('smol-toml');
  const found = {
    BERTH_PYPI_INDEX: process.env.PIP_INDEX_URL || pipIndex(readAll(pipFiles())),
    BERTH_GO_PROXY: await goProxy(),
    BERTH_MAVEN_REPOSITORY: mavenMirror(readAll([join(homedir(), '.m2/settings.xml')]).join('')),
    BERTH_RUST_DIST: process.env.RUSTUP_DIST_SERVER,
    BERTH_CRATES_INDEX: cratesIndex(readAll(cargoFiles()).map((text) => parse(text))),
    ...(await aptSettings()),
  };
  return Object.fromEntries(Object.entries(found).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

/** pip's files, the weakest first (pip's user guide, Configuration). */
const pipFiles = () => [
  '/etc/pip.conf',
  join(homedir(), '.pip/pip.conf'),
  join(process.env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'pip/pip.conf'),
  ...(process.env.PIP_CONFIG_FILE ? [process.env.PIP_CONFIG_FILE] : []),
];

const cargoFiles = () => {
  const home = process.env.CARGO_HOME || join(homedir(), '.cargo');
  return [join(home, 'config'), join(home, 'config.toml')];
};

/**
 * The last `index-url` of the sections that `pip install` reads.
 * @param {readonly string[]} texts
 * @returns {string | undefined}
 */
export function pipIndex(texts) {
  /** @type {string | undefined} */
  let found;
  for (const text of texts) {
    let section = '';
    for (const line of text.split('\n')) {
      section = /^\s*\[([^\]]+)\]/.exec(line)?.[1] ?? section;
      const value = /^\s*index[-_]url\s*[=:]\s*(\S+)/.exec(line)?.[1];
      if (value && (section === 'global' || section === 'install')) found = value;
    }
  }
  return found;
}

/**
 * URL of the mirror that stands for Maven's central repository.
 * @param {string} xml a settings.xml
 * @returns {string | undefined}
 */
export function mavenMirror(xml) {
  const text = xml.replace(/<!--[\s\S]*?-->/g, '');
  const mirrors = [...text.matchAll(/<mirror>([\s\S]*?)<\/mirror>/g)].map(([, body = '']) => body);
  const field = (/** @type {string} */ body, /** @type {string} */ name) =>
    new RegExp(`<${name}>\\s*([^<]*?)\\s*</${name}>`).exec(body)?.[1];
  const isOfCentral = (/** @type {string} */ body) => {
    const names = (field(body, 'mirrorOf') ?? '').split(/\s*,\s*/);
    return names.some((name) => ['central', '*', 'external:*'].includes(name)) && !names.includes('!central');
  };
  const mirror = mirrors.find((body) => isOfCentral(body) && field(body, 'blocked') !== 'true');
  return mirror && field(mirror, 'url');
}

/**
 * The index that replaces Cargo's own (the Cargo book, Source Replacement).
 * @param {readonly Record<string, any>[]} files parsed config.toml files, the weakest first
 * @returns {string | undefined}
 */
export function cratesIndex(files) {
  const sources = Object.assign({}, ...files.map(({ source }) => source ?? {}));
  let name = sources['crates-io']?.['replace-with'];
  for (let steps = 0; steps < 10 && sources[name]?.['replace-with']; steps += 1) name = sources[name]['replace-with'];
  const registries = Object.assign({}, ...files.map(({ registries }) => registries ?? {}));
  return sources[name]?.registry ?? registries[name]?.index;
}

/** `go env` knows the environment, the user's settings and go's own default. */
async function goProxy() {
  if (!(await has('go'))) return process.env.GOPROXY;
  const { stdout } = await run(['go', 'env', 'GOPROXY'], { check: false });
  return stdout.trim();
}

/** Debian packages for the stack, from the mirrors of the host's own release. */
async function aptSettings() {
  const { readAptOptions, readAptSources, sourcesOfSuite } = await import('@berth/runtimes/stacks/apt-sources');
  const { berth13 } = await import('@berth/runtimes/stacks/berth-13');
  const files = await readAptSources();
  if (!(await has('apt-config')) || Object.values(files).every((text) => text.trim() === '')) return {};
  return {
    BERTH_APT_SOURCES: sourcesOfSuite(files, berth13.suite).join('|'),
    BERTH_APT_OPTIONS: (await readAptOptions()).map(inContainer).join('|'),
  };
}

/**
 * The builder has the host's bundle (BERTH_CA_BUNDLE) at its usual place, and no other file of the host.
 * @param {string} line of apt.conf
 */
export const inContainer = (line) =>
  line
    .replace(/(::CaInfo) "[^"]+"/i, '$1 "/etc/ssl/certs/ca-certificates.crt"')
    .replace(/(::CaPath) "[^"]+"/i, '$1 "/etc/ssl/certs"');

/** @param {readonly string[]} files */
const readAll = (files) => files.filter((file) => existsSync(file)).map((file) => readFileSync(file, 'utf8'));
