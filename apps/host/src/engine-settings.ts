import type { DockerSettings, ProductionRegistry } from '@berth/engine/docker/docker-host';
import { openForeignRegistry } from '@berth/images/foreign-registry';
import { openPullAuthorization, openPullTokens } from '@berth/images/pull-tokens';
import type { Config } from './config.js';

/** The settings as the engine's Docker implementation takes them. */
export function engineSettings(config: Config): DockerSettings {
  return {
    dockerSocket: config.DOCKER_SOCKET,
    instance: config.BERTH_INSTANCE,
    subnetPool: config.BERTH_SUBNET_POOL,
    registryPullHost: config.REGISTRY_PULL_HOST,
    pullToken: config.REGISTRY_TOKEN_URL && openPullTokens(config.REGISTRY_TOKEN_URL.reveal()),
    production: productionRegistry(config),
    platformImage: config.BERTH_IMAGE,
    disksDirectory: config.BERTH_DISKS_DIR,
    caBundle: config.BERTH_CA_BUNDLE,
    cgroupRoot: config.BERTH_CGROUP_ROOT,
    allowedPrivate: {
      build: config.BERTH_ALLOW_PRIVATE_BUILD,
      stable: config.BERTH_ALLOW_PRIVATE_STABLE,
      project: config.BERTH_ALLOW_PRIVATE_PROJECT,
    },
    sparesMax: config.BERTH_PREPARED_JAILS,
    buildsYield: config.BERTH_BUILDS_YIELD === 'true',
  };
}

function productionRegistry(config: Config): ProductionRegistry | undefined {
  const address = config.BERTH_PRODUCTION_REGISTRY_URL?.reveal();
  if (address === undefined) return undefined;
  const foreign = openForeignRegistry(address);
  const host = config.BERTH_PRODUCTION_REGISTRY_PULL_HOST ?? new URL(address).host;
  return { pullHost: `${host}/${foreign.prefix}`.replace(/\/$/, ''), authorizePull: openPullAuthorization(foreign) };
}
