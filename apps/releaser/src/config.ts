import { parseConfig, platformSettings } from '@berth/daemon/config';
import { z } from 'zod';

const settings = z.object({
  ...platformSettings,
  /** Unix socket of apps/host with the releaser's verbs. */
  ENGINE_SOCKET: z.string(),
  /** Deploys side by side. */
  BERTH_RELEASES_SIDE_BY_SIDE: z.coerce.number().int().min(1).default(4),
  /** Longest run of a release phase, s. */
  BERTH_RELEASE_PHASE_TIMEOUT: z.coerce.number().int().min(1).max(3_000).default(1_800),
  /** How soon the work of a killed releaser is taken over, ms. */
  BERTH_LEASE_TTL_MS: z.coerce.number().int().min(1_000).default(10_000),
  HEALTH_PORT: z.coerce.number().int().default(8001),
});
export type Config = z.infer<typeof settings>;

export const readConfig = (): Config => parseConfig(settings);
