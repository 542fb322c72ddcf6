import type { BerthYaml } from '@berth/domain/berth-yaml';
import { z } from 'zod';
import type { SourceView } from '../source-view.js';
import { type CargoManifest, readToml } from './cargo-manifest.js';

const toolchainToml = z.object({ toolchain: z.object({ channel: z.string().optional() }) });

/**
 * Which Rust: berth.yaml, rustup's toolchain file (rustup's book, Overrides), else any that is not older than the
 * `rust-version` of the packages (`>=1.80`).
 */
export function rustWish(view: SourceView, settings: BerthYaml, manifests: readonly CargoManifest[]) {
  if (settings.runtime?.version !== undefined) return { wish: settings.runtime.version, wishFrom: 'berth.yaml' };
  for (const path of ['rust-toolchain', 'rust-toolchain.toml']) {
    const wish = view.texts[path] === undefined ? undefined : channelOf(path, view.texts[path]);
    if (wish) return { wish, wishFrom: path };
  }
  const [least] = manifests
    .flatMap((manifest) => {
      const version = manifest.package?.['rust-version'] ?? manifest.workspace?.package?.['rust-version'];
      return version === undefined
        ? []
        : [{ version, path: manifest.directory ? `${manifest.directory}/Cargo.toml` : 'Cargo.toml' }];
    })
    .sort((a, b) => b.version.localeCompare(a.version, 'en', { numeric: true }));
  return { wish: least && `>=${least.version}`, wishFrom: least?.path };
}

/** The file without an ending may be one line with the channel. */
function channelOf(path: string, text: string): string | undefined {
  const line = text.trim();
  if (path === 'rust-toolchain' && !line.includes('[')) return line.split('\n')[0] || undefined;
  return toolchainToml.safeParse(readToml(path, text)).data?.toolchain.channel;
}
