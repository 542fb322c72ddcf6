import { UserError } from '@berth/domain/errors';
import semver from 'semver';

/** Where a version of Rust comes from. */
export type RustChoice =
  | { from: 'debian' }
  /** A channel of Rust's distribution site: `stable`, `1.82`, `1.82.0`, `nightly-2025-01-31`. */
  | { from: 'channel'; channel: string };

/**
 * What a wish means where Debian has `debian` (`1.85.1`), and the distribution site is there or not. `>=1.80` is the
 * `rust-version` of a Cargo.toml: any newer compiler will do. Without a wish, and for `stable`: the newest there is.
 */
export function chooseRust(wish: string | undefined, debian: string, hasChannels: boolean): RustChoice {
  const least = /^>=(\d+\.\d+(?:\.\d+)?)$/.exec(wish ?? '')?.[1];
  const channel = least === undefined ? channelOf(wish) : 'stable';
  if (hasChannels && channel === 'stable') return { from: 'channel', channel };
  const isDebians =
    least === undefined
      ? channel === 'stable' || debian === channel || debian.startsWith(`${channel}.`)
      : semver.gte(debian, semver.coerce(least)!);
  if (isDebians) return { from: 'debian' };
  if (hasChannels) return { from: 'channel', channel };
  throw new UserError(
    'bad_request',
    `There is no Rust ${least ? `${least} or newer` : wish} here, but ${debian}, which is Debian's. For other versions whoever runs this Berth sets BERTH_RUST_DIST to Rust's distribution site or a mirror of it.`,
  );
}

/** `1.82.0-x86_64-unknown-linux-gnu` → `1.82.0`; names of rustup's book, Toolchains. */
function channelOf(wish: string | undefined): string {
  const text = (wish ?? 'stable').trim();
  const channel = /^(stable|beta|nightly|\d+\.\d+(?:\.\d+)?)(-\d{4}-\d{2}-\d{2})?(-x86_64-unknown-linux-gnu)?$/.exec(
    text,
  );
  if (!channel)
    throw new UserError('bad_request', `${JSON.stringify(text)} is not a version of Rust that we understand.`);
  return `${channel[1]}${channel[2] ?? ''}`;
}
