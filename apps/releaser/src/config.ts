import { parseConfig, platformSettings, productionRegistrySettings, registryTokenSettings } from '@berth/daemon/config';
import { z } from 'zod';

const settings = z.object({
  ...platformSettings,
  ...registryTokenSettings,
  ...productionRegistrySettings,
  /** Unix socket of apps/host with the releaser's verbs. */
  ENGINE_SOCKET: z.string(),
  /** Deploys side by side. */
  BERTH_RELEASES_SIDE_BY_SIDE: z.coerce.number().int().min(1).default(4),
  /** Longest run of a release phase, s. */
  BERTH_RELEASE_PHASE_TIMEOUT: z.coerce.number().int().min(1).max(3_000).default(1_800),
  /** How soon the work of a killed releaser is taken over, ms. */
  BERTH_LEASE_TTL_MS: z.coerce.number().int().min(1_000).default(10_000),
  /** Our registry, as this process sees it. */
  REGISTRY_URL: z.url(),
  /** Between two collections of what nothing needs any more, hours. */
  BERTH_COLLECT_HOURS: z.coerce.number().min(0.01).default(24),
  /** One is made at once when less of the disk is free, percent. */
  BERTH_LOW_SPACE: z.coerce.number().min(0).max(90).default(10),
  /** Cached dependencies of each team together, MiB; those used last stay. */
  BERTH_CACHED_LAYERS: z.coerce.number().int().min(0).default(10_240),
  /** How long cached dependencies that no build uses stay, days. */
  BERTH_CACHED_LAYERS_DAYS: z.coerce.number().min(1).default(30),
  HEALTH_PORT: z.coerce.number().int().default(8001),
});
export type Config = z.infer<typeof settings>;

export const readConfig = (): Config => parseConfig(settings);
