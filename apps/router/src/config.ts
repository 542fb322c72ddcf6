import { platformSettings } from '@berth/daemon/config';
import { z } from 'zod';

/** The settings of apps/router. */
export const configSchema = z.object({
  ...platformSettings,
  /** Shared with HAProxy's container, at the same path in both: configuration, maps, certificates, sockets. */
  BERTH_ROUTER_DIR: z.string().default('/run/berth-router'),
  /** Address of the public ports on the host: `*` = all IPv4 addresses, 127.0.0.1 = this machine only. */
  BERTH_BIND_ADDRESS: z.string().default('*'),
  /** Addresses of our processes and of the router network come from here (packages/domain/src/subnet-pool.ts). */
  BERTH_SUBNET_POOL: z.string().default('100.64.0.0/12'),
  /** Port of GET /health on the platform network. */
  BERTH_HEALTH_PORT: z.coerce.number().int().default(8001),
});

export type Config = z.infer<typeof configSchema>;
