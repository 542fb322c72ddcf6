import { parseConfig, platformSettings, registryTokenSettings } from '@berth/daemon/config';
import type { Sources } from '@berth/runtimes/sources';
import { z } from 'zod';
import type { BuildLimits } from './builder.js';

const count = (fallback: number, min = 1) => z.coerce.number().int().min(min).default(fallback);

const lines = z
  .string()
  .default('')
  .transform((text) => text.split('|').filter((line) => line.trim() !== ''));

export const settings = z.object({
  ...platformSettings,
  ...registryTokenSettings,
  /** Unix socket of apps/host with the builder's verbs. */
  ENGINE_SOCKET: z.string(),
  /** Our registry, as this process sees it. */
  REGISTRY_URL: z.url(),
  /** The host's npm registry: for runtimes, and for jails whose app names none of its own. */
  BERTH_NPM_REGISTRY: z.url(),
  /** Mirrors of the other package registries; without one the tools' own defaults hold (packages/runtimes/src/sources.ts). */
  BERTH_PYPI_INDEX: z.url().optional(),
  BERTH_GO_PROXY: z.string().optional(),
  BERTH_MAVEN_REPOSITORY: z.url().optional(),
  BERTH_CRATES_INDEX: z.string().optional(),
  BERTH_RUST_DIST: z.url().optional(),
  BERTH_RUBYGEMS: z.url().optional(),
  BERTH_PACKAGIST: z.url().optional(),
  BERTH_GRADLE_DISTRIBUTIONS: z.url().optional(),
  /** Debian packages of the stack's suite: lines of sources.list and of apt.conf, separated by `|`. */
  BERTH_APT_SOURCES: lines,
  BERTH_APT_OPTIONS: lines,
  /** The registry's read-only mirror at the gateway of the router network, for builds by Dockerfile: `host:port`. */
  BERTH_MIRROR: z.string(),
  /** Directory for downloaded runtimes; without it they are downloaded each time one is made. */
  BERTH_DOWNLOADS: z.string().optional(),
  /** Memory of a build, MiB. */
  BERTH_BUILD_MEMORY: count(2_048, 64),
  /** Relative weight; an instance of standard-1x has 512. */
  BERTH_BUILD_CPU_SHARES: count(102, 2),
  /** Processes and threads of a build. */
  BERTH_BUILD_PIDS: count(512, 16),
  /** Workspace of a build, MiB. */
  BERTH_BUILD_DISK: count(4_096, 64),
  /** Cache of an app between builds, MiB. */
  BERTH_BUILD_CACHE: count(2_048, 64),
  /** BuildKit's state and cache of an app with a Dockerfile, MiB. */
  BERTH_BUILD_DOCKERFILE_CACHE: count(6_144, 512),
  /** Longest build, s. */
  BERTH_BUILD_TIMEOUT: z.coerce.number().int().min(1).max(3_500).default(1_800),
  /** Output of a build, KiB. */
  BERTH_BUILD_OUTPUT: count(16_384),
  /** Files of a source, MiB unpacked. */
  BERTH_BUILD_SOURCE: count(1_024),
  /** Builds side by side at most; fewer while memory is short. */
  BERTH_BUILDS_SIDE_BY_SIDE: count(2),
  /** Memory of the host that a second build must leave to the apps, MiB. */
  BERTH_BUILD_HEADROOM: count(512, 0),
  /** How soon the work of a killed builder is taken over, ms. */
  BERTH_LEASE_TTL_MS: z.coerce.number().int().min(1_000).default(10_000),
  HEALTH_PORT: z.coerce.number().int().default(8001),
});
export type Config = z.infer<typeof settings>;

export const readConfig = (): Config => parseConfig(settings);

const MiB = 1024 * 1024;

export function limitsOf(config: Config): BuildLimits {
  return {
    jail: {
      memoryBytes: config.BERTH_BUILD_MEMORY * MiB,
      cpuShares: config.BERTH_BUILD_CPU_SHARES,
      pidsMax: config.BERTH_BUILD_PIDS,
      diskBytes: config.BERTH_BUILD_DISK * MiB,
      cacheBytes: config.BERTH_BUILD_CACHE * MiB,
    },
    timeoutMs: config.BERTH_BUILD_TIMEOUT * 1_000,
    outputBytes: config.BERTH_BUILD_OUTPUT * 1024,
    dockerfileBytes: config.BERTH_BUILD_DOCKERFILE_CACHE * MiB,
    headroomBytes: config.BERTH_BUILD_HEADROOM * MiB,
    sourceBytes: config.BERTH_BUILD_SOURCE * MiB,
  };
}

export function sourcesOf(config: Config): Sources {
  return {
    npm: config.BERTH_NPM_REGISTRY,
    pypi: config.BERTH_PYPI_INDEX,
    goProxy: config.BERTH_GO_PROXY,
    maven: config.BERTH_MAVEN_REPOSITORY,
    crates: config.BERTH_CRATES_INDEX,
    rust: config.BERTH_RUST_DIST,
    rubygems: config.BERTH_RUBYGEMS,
    packagist: config.BERTH_PACKAGIST,
    gradle: config.BERTH_GRADLE_DISTRIBUTIONS,
    apt: { lines: config.BERTH_APT_SOURCES, options: config.BERTH_APT_OPTIONS },
    cacheDir: config.BERTH_DOWNLOADS,
  };
}
