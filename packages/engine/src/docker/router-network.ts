import type { DockerHost } from './docker-host.js';
import { createNetwork } from './find-network.js';

/**
 * A network without containers whose gateway is an address of the host: there DNS and the internal router listen. It is
 * up without containers and comes back by itself after a restart of the engine (facts: jail E). When compose has made
 * one on the same subnet already, that one does.
 */
export async function ensureRouterNetwork(host: DockerHost): Promise<void> {
  const networks = await host.docker.listNetworks();
  const subnet = host.pool.routerSubnet;
  if (networks.some((network) => network.IPAM?.Config?.some((config) => config.Subnet === subnet))) return;
  await createNetwork(host, {
    kind: 'router-network',
    name: host.names.routerNetwork,
    bridge: host.names.bridge('platform', 'router'),
    labels: {},
    pickSubnet: () => subnet,
  });
}
