import { TransientError, UserError } from '@berth/domain/errors';
import { parse } from 'smol-toml';
import { z } from 'zod';
import type { Expected } from '../fetch-bytes.js';

const target = 'x86_64-unknown-linux-gnu';
/** What a build needs, in the words of the channel file. */
const components = ['rustc', 'cargo', 'rust-std'] as const;

const component = z.object({
  version: z.string(),
  target: z.object({ [target]: z.object({ available: z.literal(true), url: z.string(), hash: z.string() }) }),
});
const channelFile = z.object({
  date: z.string(),
  pkg: z.object({ rustc: component, cargo: component, 'rust-std': component }),
});

/** One release of Rust. */
export interface RustRelease {
  /** `1.91.1`, or `nightly-2025-11-20`. */
  version: string;
  archives: readonly { url: string; expected: Expected }[];
}

const answerTimeoutMs = 60_000;

/**
 * What a channel of a distribution site is now; `site` is the URL above its `dist` directory. The file and its form are those
 * that rustup reads (Rust Forge, Channel layout). A channel that does not exist is a UserError.
 */
export async function fetchRustChannel(site: string, channel: string): Promise<RustRelease> {
  const base = site.replace(/\/+$/, '');
  const [, name, date] = /^(.+?)(?:-(\d{4}-\d{2}-\d{2}))?$/.exec(channel) ?? [];
  const url = `${base}/dist/${date ? `${date}/` : ''}channel-rust-${name}.toml`;
  const response = await fetch(url, { signal: AbortSignal.timeout(answerTimeoutMs) }).catch((error) => {
    throw new TransientError(`${url}: ${error.cause ?? error}`, { cause: error });
  });
  if (response.status === 404) throw new UserError('bad_request', `There is no Rust ${channel}.`);
  if (!response.ok) throw new TransientError(`${url} answered ${response.status}`);
  return readRustChannel(await response.text(), base);
}

/** `base`: the mirror's URL, in place of the one in the file. */
export function readRustChannel(text: string, base: string): RustRelease {
  const { date, pkg } = channelFile.parse(parse(text));
  const [version = '', kind] = pkg.rustc.version.split(' ')[0]!.split('-');
  const archives = components.map((name) => {
    const { url, hash } = pkg[name].target[target]!;
    return { url: `${base}${url.slice(url.indexOf('/dist/'))}`, expected: { algorithm: 'sha256' as const, hash } };
  });
  return { version: kind ? `${kind.replace(/\..*/, '')}-${date}` : version, archives };
}
