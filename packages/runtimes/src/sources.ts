import type { NpmRegistry } from './npm/npm-registry.js';

/** Where packages come from: the host's own settings, a mirror per source. Undefined: the tool's own default. */
export interface Sources {
  /** npm registry: URL. */
  npm: string;
  /** Python package index: URL of its simple API. */
  pypi?: string | undefined;
  /** Go module proxy, in the syntax of GOPROXY. */
  goProxy?: string | undefined;
  /** Maven repository in place of the central one: URL. */
  maven?: string | undefined;
  /** Cargo's registry index in place of its default: `sparse+https://…`. */
  crates?: string | undefined;
  /** Rust's distribution site or a mirror: URL above its `dist` directory. Undefined: only Debian's Rust. */
  rust?: string | undefined;
  /** Mirror of RubyGems: URL. */
  rubygems?: string | undefined;
  /** Mirror of Packagist: URL. */
  packagist?: string | undefined;
  /** Directory URL with `gradle-<version>-bin.zip` files. */
  gradle?: string | undefined;
  /** Debian packages: lines of sources.list for the stack's suite, lines of apt.conf. */
  apt: { lines: readonly string[]; options: readonly string[] };
  /** Directory for downloads; undefined keeps none. */
  cacheDir?: string | undefined;
}

export const npmOf = ({ npm, cacheDir }: Sources): NpmRegistry => ({ url: npm, cacheDir });
