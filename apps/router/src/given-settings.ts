import { runPort } from '@berth/domain/run-port';
import { subnetPool } from '@berth/domain/subnet-pool';
import { detourPort, redisTetherPort, tetherPort } from '@berth/domain/tether-ports';
import { wakePort } from '@berth/domain/wake-port';
import { defaultTimeouts } from '@berth/router/router-settings';
import type { Config } from './config.js';
import type { GivenSettings } from './router-files.js';

/** Last bytes of our processes' fixed addresses on the platform network, and their ports there. */
const registry = 12;
const git = 21;
const releaser = 23;
const api = 25;
const dashboard = 26;

/** What HAProxy is configured with, from the process's settings. */
export function givenSettings(config: Config, linkKey: string): GivenSettings {
  const pool = subnetPool(config.BERTH_SUBNET_POOL);
  return {
    dir: config.BERTH_ROUTER_DIR,
    bindAddress: config.BERTH_BIND_ADDRESS,
    appsPort: config.BERTH_APPS_PORT,
    appsTlsPort: config.BERTH_APPS_TLS_PORT,
    platformPort: config.BERTH_PORT,
    sshPort: config.BERTH_SSH_PORT,
    execAddress: config.BERTH_EXEC_ADDRESS,
    internal: { address: pool.routerGateway, port: 80 },
    tetherPort,
    redisTether: { port: redisTetherPort, networks: pool.cidr },
    detours: { address: pool.platformAddress(api), port: detourPort },
    domain: config.BERTH_DOMAIN,
    api: { address: pool.platformAddress(api), port: 8000 },
    dashboard: { address: pool.platformAddress(dashboard), port: 3000 },
    gitHttp: { address: pool.platformAddress(git), port: 8000 },
    gitSsh: { address: pool.platformAddress(git), port: 2222 },
    registry: { address: pool.platformAddress(registry), port: 5000 },
    wake: { address: pool.platformAddress(releaser), port: wakePort },
    run: { address: pool.platformAddress(releaser), port: runPort },
    linkKey,
    timeouts: defaultTimeouts,
  };
}
