import { parseConfig, platformSettings, productionRegistrySettings, registryTokenSettings } from '@berth/daemon/config';
import { dataPort } from '@berth/domain/data-port';
import { runPort } from '@berth/domain/run-port';
import { Secret } from '@berth/domain/secret';
import { shellPort } from '@berth/domain/shell-port';
import { wakePort } from '@berth/domain/wake-port';
import { z } from 'zod';

const settings = z.object({
  ...platformSettings,
  ...registryTokenSettings,
  ...productionRegistrySettings,
  /** Its blobs are freed by collections, as those of our registry. */
  BERTH_PRODUCTION_REGISTRY_IS_OURS: z.enum(['true', 'false']).default('false'),
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
  /** How long an app is frozen before its memory is moved to the swap, s. */
  BERTH_SLEEP_PUSH_OUT_AFTER: z.coerce.number().min(0).default(60),
  /** How long an app sleeps before its processes are ended, hours. */
  BERTH_SLEEP_STOP_AFTER: z.coerce.number().min(0).default(24),
  /** How long it is stopped before its containers go, hours. */
  BERTH_SLEEP_IMAGE_ONLY_AFTER: z.coerce.number().min(0).default(72),
  /** With less of the host's memory free the longest idle apps go to sleep sooner, percent. */
  BERTH_SLEEP_FREE_MEMORY: z.coerce.number().min(0).max(90).default(15),
  /** An app that uses more CPU time than this is not idle, percent of a core. */
  BERTH_SLEEP_CPU: z.coerce.number().min(0).default(5),
  /** Where the router asks for a wake, on the platform network only. */
  BERTH_WAKE_PORT: z.coerce.number().int().default(wakePort),
  /** Where the router brings whoever attaches to a one-off, on the platform network only. */
  BERTH_RUN_PORT: z.coerce.number().int().default(runPort),
  /** Where our other processes ask for shells in instances, on the platform network only. */
  BERTH_SHELL_PORT: z.coerce.number().int().default(shellPort),
  /** The server of apps' databases: host name or directory of its socket, and its superuser. Undefined: there are no such add-ons. */
  BERTH_DATA_HOST: z.string().min(1).optional(),
  BERTH_DATA_PORT: z.coerce.number().int().default(dataPort),
  BERTH_DATA_USER: z.string().default('berth'),
  BERTH_DATA_PASSWORD: z
    .string()
    .default('')
    .transform((password) => new Secret(password)),
  /** For pg_dump and pg_restore. */
  PATH: z.string().default('/usr/bin:/bin'),
  /** Pipe on which its container waits until the first database is wanted. */
  BERTH_DATA_WAKE: z.string().optional(),
  HEALTH_PORT: z.coerce.number().int().default(8001),
});
export type Config = z.infer<typeof settings>;

export const readConfig = (): Config => parseConfig(settings);
