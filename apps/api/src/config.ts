import { parseConfig, platformSettings, priceSettings, sessionSettings } from '@berth/daemon/config';
import { Secret } from '@berth/domain/secret';
import { z } from 'zod';

/** Settings of the API's process. */
const schema = z.object({
  ...platformSettings,
  ...sessionSettings,
  /** Port on the platform network. */
  BERTH_API_PORT: z.coerce.number().int().default(8000),
  /** Our registry, as this process sees it: it reads the records beside images. */
  REGISTRY_URL: z.url(),
  /** Directory with the key and certificate of the registry's tokens; without it this Berth's registry has no sign-in. */
  BERTH_REGISTRY_KEYS: z.string().optional(),
  /** Secrets of our own processes at the token server: `git=…,builder=…`. */
  BERTH_REGISTRY_SECRETS: z
    .string()
    .default('')
    .transform((secrets) => new Secret(secrets)),
  /** What the registry's notifications carry. */
  BERTH_REGISTRY_EVENTS_SECRET: z
    .string()
    .transform((secret) => new Secret(secret))
    .optional(),
  /** Whether there is a registry for production. */
  BERTH_HAS_PRODUCTION_REGISTRY: z.stringbool().default(false),
  ...priceSettings,
  /** Where the router answers for apps inside this host: the doctor's probes go there, at the apps' port. */
  BERTH_ROUTER_GATEWAY: z.ipv4().default('127.0.0.1'),
  /** Between two looks for pushed images that no notification told us of, s. */
  BERTH_UPLOADS_EVERY: z.coerce.number().min(1).default(30),
});

export const config = parseConfig(schema);
