import { type PushedImage, pushImage } from '@berth/images/push-image';
import { candidateVersions } from '../debian/candidate-versions.js';
import { ensureDebianLayer } from '../debian/ensure-debian-layer.js';
import { ensureToolchain } from '../debian/ensure-toolchain.js';
import { pushDebianBuildImage } from '../debian/push-debian-build-image.js';
import { ownRoot, readOwnFiles } from '../own-files.js';
import type { Runtime, RuntimeParts } from '../runtime.js';
import { ensureRustToolchain, rustRoot } from './ensure-rust-toolchain.js';
import { fetchRustChannel, type RustRelease } from './rust-channel.js';
import { chooseRust } from './rust-version.js';

const path = '/usr/local/bin:/usr/bin:/bin';
/** A binary needs of the stack what every program does. */
const runEnv = { PATH: `${path}:/app/bin`, LANG: 'C.UTF-8' };

/** Crates and compiled packages stay on the app's cache disk. */
const buildEnv = {
  PATH: `/${ownRoot('rust-build')}/bin:/${rustRoot}/bin:/cache/cargo/bin:${path}`,
  LANG: 'C.UTF-8',
  CARGO_HOME: '/cache/cargo',
  CARGO_TARGET_DIR: '/cache/rust/target',
  CARGO_HTTP_CAINFO: '/etc/ssl/certs/ca-certificates.crt',
  CARGO_NET_RETRY: '3',
  CARGO_TERM_PROGRESS_WHEN: 'never',
  // Incremental compilation gives other bytes than a fresh one.
  CARGO_INCREMENTAL: '0',
};

/** What crates with parts in C look for. */
const headers = ['libssl-dev', 'libsqlite3-dev', 'zlib1g-dev'];

/** `1.85.1+dfsg1-1+deb13u1` */
const debianVersion = ({ sources, stack, listing }: RuntimeParts): Promise<string> =>
  listing(`rust:${stack.digest}`, async () => {
    const { rustc } = await candidateVersions(sources, ['rustc']);
    if (!rustc) throw new Error('the archive has no rustc');
    return rustc;
  });

const upstream = (version: string) => version.replace(/[+~-].*/, '');

const channel = ({ sources, listing }: RuntimeParts, name: string): Promise<RustRelease> =>
  listing(`rust-channel:${name}`, () => fetchRustChannel(sources.rust!, name));

async function resolve(parts: RuntimeParts, wish: string | undefined): Promise<string> {
  const debian = upstream(await debianVersion(parts));
  const choice = chooseRust(wish, debian, parts.sources.rust !== undefined);
  return choice.from === 'debian' ? debian : (await channel(parts, choice.channel)).version;
}

async function ensureRun({ registry, stack }: RuntimeParts, version: string): Promise<PushedImage> {
  const stackName = stack.config.labels['berth.stack'];
  return pushImage(registry, {
    repository: 'runtime/rust',
    tag: `${version}-${stackName}`,
    layers: [],
    config: {
      env: runEnv,
      labels: {
        'berth.runtime': 'rust',
        'berth.version': version,
        'berth.recipe': '1',
        'berth.abi': `${stackName}/glibc`,
        'berth.packages': '[]',
      },
    },
  });
}

async function ensureBuild(parts: RuntimeParts, version: string): Promise<PushedImage> {
  const debian = await debianVersion(parts);
  const [toolchain, runtime, own] = await Promise.all([
    ensureToolchain(parts),
    ensureRun(parts, version),
    readOwnFiles('rust-build'),
  ]);
  const isDebians = upstream(debian) === version;
  const packages = isDebians ? [`rustc=${debian}`, 'cargo', ...headers] : headers;
  const name = isDebians ? 'rust' : 'rust-headers';
  const headersAndMore = await ensureDebianLayer(parts, { name, packages, below: [toolchain], isShipped: false });
  const compiler = isDebians ? undefined : await ensureRustToolchain(parts, await channel(parts, version));
  const tools = [headersAndMore, ...(compiler?.layers.map((layer) => ({ layer, from: compiler.repository })) ?? [])];
  return pushDebianBuildImage(parts, { name: 'rust', version, toolchain, runtime, tools, own, env: buildEnv });
}

/** Rust of the stack's Debian packages, or of Rust's distribution site where there is one. */
export const rustRuntime: Runtime = { title: 'Rust', isOnStack: false, resolve, ensureRun, ensureBuild };
