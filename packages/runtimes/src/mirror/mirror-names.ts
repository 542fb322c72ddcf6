import type { RuntimeName } from '../catalogue.js';
import type { ImageReference } from './image-reference.js';

/** A public image that we answer with layers of our own. */
export interface MirrorWish {
  /** Below mirror/, as the mirrored registry has it. */
  repository: string;
  tag: string;
  /** Undefined: the stack alone. */
  runtime: RuntimeName | undefined;
  /** Version of the runtime, as Runtime.resolve takes it. */
  wish: string | undefined;
  /** With compilers and headers, as the public image without `-slim` has them. */
  hasToolchain: boolean;
}

interface MirrorName {
  runtime: RuntimeName;
  /** For the sentence that lists what there is. */
  example: string;
  /** Words of a tag, beside Debian's, that say the same as none. */
  variants?: readonly string[];
  /** Words that ask for the run layer alone, as `slim` does. */
  runOnly?: readonly string[];
  /** A program and no language: the run layer is all there is. */
  isServer?: boolean;
  /** The run layer is empty: `-slim` gets the compiler too. */
  alwaysToolchain?: boolean;
}

/** Official images by name, as far as a runtime of ours is behind them. */
const names: Record<string, MirrorName> = {
  node: { runtime: 'node', example: 'node:22' },
  python: { runtime: 'python', example: 'python:3.13' },
  golang: { runtime: 'go', example: 'golang:1.26', alwaysToolchain: true },
  rust: { runtime: 'rust', example: 'rust:1.85', alwaysToolchain: true },
  'eclipse-temurin': { runtime: 'java', example: 'eclipse-temurin:21', variants: ['jdk'], runOnly: ['jre'] },
  ruby: { runtime: 'ruby', example: 'ruby:3.3' },
  php: { runtime: 'php', example: 'php:8.4-cli', variants: ['cli', 'fpm'] },
  nginx: { runtime: 'static', example: 'nginx', variants: ['stable', 'mainline'], isServer: true },
};

const debianTags = /^(latest|stable|trixie|13(\.\d{1,2})?)(-slim)?$/;

/** How we answer an image, or undefined for one that is not ours to answer. */
export function mirrorWishOf({ registry, repository, tag, digest }: ImageReference): MirrorWish | undefined {
  if (registry !== 'docker.io' || digest !== undefined || !repository.startsWith('library/')) return undefined;
  const name = repository.slice('library/'.length);
  if (name === 'debian')
    return debianTags.test(tag)
      ? { repository, tag, runtime: undefined, wish: undefined, hasToolchain: false }
      : undefined;
  const about = Object.hasOwn(names, name) ? names[name] : undefined;
  return about && wishOf(about, repository, tag);
}

function wishOf(about: MirrorName, repository: string, tag: string): MirrorWish | undefined {
  const { runtime, variants = [], runOnly = [], isServer = false, alwaysToolchain = false } = about;
  const words = tag.split('-');
  const version = /^(\d{1,4}(\.\d{1,4}){0,2}|latest|lts|current)$/.test(words[0]!) ? words.shift() : undefined;
  const plain = new Set(['trixie', 'slim', ...variants, ...runOnly]);
  if (words.some((word) => !plain.has(word)) || new Set(words).size < words.length) return undefined;
  const isSlim = isServer || words.some((word) => word === 'slim' || runOnly.includes(word));
  return {
    ...{ repository, tag, runtime },
    wish: version === 'latest' ? undefined : version,
    hasToolchain: alwaysToolchain || !isSlim,
  };
}

/** Examples of all that there is, for people. */
export const mirrorExamples: readonly string[] = ['debian:13', ...Object.values(names).map(({ example }) => example)];
