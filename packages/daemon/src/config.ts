import type { Prices } from '@berth/domain/meter-usage';
import { Secret } from '@berth/domain/secret';
import { z } from 'zod';

/**
 * Parses a process's environment once, at its start. Each app's config.ts gives its schema: the schema is the manual.
 * Wrong settings end the process with one line each.
 */
export function parseConfig<T extends z.ZodType>(schema: T, env: NodeJS.ProcessEnv = process.env): z.infer<T> {
  const result = schema.safeParse(env);
  if (result.success) return result.data;
  for (const issue of result.error.issues) console.error(`Setting ${issue.path.join('.')}: ${issue.message}`);
  process.exit(78); // EX_CONFIG of sysexits.h
}

/** What every process of ours is told. */
export const commonSettings = {
  /** Names this Berth on its host; every host-wide name is derived from it. */
  BERTH_INSTANCE: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,30}$/)
    .default('berth'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
};

/** For processes that use packages/platform. */
export const platformSettings = {
  ...commonSettings,
  DATABASE_URL: z.url(),
  REDIS_URL: z.url(),
  /** 32 random bytes in base64; encrypts config vars. Kept outside of the database. */
  BERTH_SECRET_KEY: z
    .base64()
    .refine((key) => Buffer.from(key, 'base64').length === 32, 'must be 32 bytes in base64')
    .transform((key) => new Secret(key)),
  /** Host names end in this: http://<app>.<domain>. */
  BERTH_DOMAIN: z.string().default('localhost'),
  /** The platform's one public port (API, git, dashboard). */
  BERTH_PORT: z.coerce.number().int().default(5000),
  /** The apps' public ports. */
  BERTH_APPS_PORT: z.coerce.number().int().default(8080),
  BERTH_APPS_TLS_PORT: z.coerce.number().int().default(8443),
  BERTH_SSH_PORT: z.coerce.number().int().default(2222),
  /** Address of the host at whose port 80 the SSH server answers, too: `heroku ps:exec` knows no other port. Without one it is off. */
  BERTH_EXEC_ADDRESS: z.ipv4().optional(),
};

/** For the processes that push to or pull from our registry. */
export const registryTokenSettings = {
  /** The registry's token server with the process's name and secret: `http://builder:<secret>@api:8000/registry/token`. */
  REGISTRY_TOKEN_URL: z
    .url()
    .transform((url) => new Secret(url))
    .optional(),
};

/** For the processes that copy images to or pull from the production registry. */
export const productionRegistrySettings = {
  /** `https://user:password@registry.example.com/prefix`; empty: there is none, and no environment can be told to use it. */
  BERTH_PRODUCTION_REGISTRY_URL: z
    .url()
    .transform((url) => new Secret(url))
    .optional(),
};

/** For the processes that know sessions: apps/api and apps/dashboard. */
export const sessionSettings = {
  /** Signs sessions and stream addresses; the same in both processes. */
  BERTH_AUTH_SECRET: z
    .string()
    .min(32)
    .transform((secret) => new Secret(secret)),
};

/** For the processes that say what use costs: apps/api and apps/dashboard. */
export const priceSettings = {
  /** What an hour of one CPU, and of one GiB of memory, costs, in any currency; 0 and 0: reports of use have no cost. */
  BERTH_PRICE_CPU_HOUR: z.coerce.number().min(0).default(0),
  BERTH_PRICE_GIB_HOUR: z.coerce.number().min(0).default(0),
};

/** Undefined: use has no price here. */
export function pricesOf(settings: { BERTH_PRICE_CPU_HOUR: number; BERTH_PRICE_GIB_HOUR: number }): Prices | undefined {
  const { BERTH_PRICE_CPU_HOUR: cpuHour, BERTH_PRICE_GIB_HOUR: gibHour } = settings;
  return cpuHour + gibHour > 0 ? { cpuHour, gibHour } : undefined;
}
