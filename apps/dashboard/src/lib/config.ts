import { parseConfig, platformSettings, priceSettings, sessionSettings } from '@berth/daemon/config';
import { z } from 'zod';

const schema = z.object({
  ...platformSettings,
  ...sessionSettings,
  /** Where the router answers for apps inside this host: the doctor's probes go there, at the apps' port. */
  BERTH_ROUTER_GATEWAY: z.ipv4().default('127.0.0.1'),
  /** Whether there is a registry for production. */
  BERTH_HAS_PRODUCTION_REGISTRY: z.stringbool().default(false),
  ...priceSettings,
});

let parsed: z.infer<typeof schema> | undefined;

/** Parsed at the first request and not at build time, when there is no environment yet. */
export function config() {
  parsed ??= parseConfig(schema);
  return parsed;
}
