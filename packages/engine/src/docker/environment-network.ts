import type { EnvironmentNetwork, NetworkKind } from '../interface.js';
import { unlessStatus } from './docker-errors.js';
import type { DockerHost } from './docker-host.js';
import { createNetwork, findNetwork } from './find-network.js';
import { label } from './labels.js';
import { disconnectRedis, environmentPrefix, listRedis } from './redis-networks.js';

/** The network of an environment, made when it is missing. */
export async function ensureNetwork(
  host: DockerHost,
  { environmentId, kind }: { environmentId: string; kind: NetworkKind },
): Promise<EnvironmentNetwork> {
  const { subnet } = await createNetwork(host, {
    kind: 'environment-network',
    name: `${environmentPrefix(host)}${environmentId}`,
    bridge: host.names.bridge(kind, environmentId),
    labels: { [label.environment]: environmentId },
    pickSubnet: (taken) => host.pool.freeEnvironment(kind, taken),
  });
  return { environmentId, subnet };
}

/** Its name, for containers; throws when it is not there yet. */
export async function environmentNetworkName(host: DockerHost, environmentId: string): Promise<string> {
  const network = await findNetwork(host, 'environment-network', { [label.environment]: environmentId });
  if (!network) throw new Error(`Environment ${environmentId} has no network yet.`);
  return network.name;
}

/** Removes it; one that is gone is fine, one that still has instances is an error. Redis servers are taken out of it. */
export async function removeNetwork(host: DockerHost, environmentId: string): Promise<void> {
  const network = await findNetwork(host, 'environment-network', { [label.environment]: environmentId });
  if (!network) return;
  for (const { key, environmentIds } of await listRedis(host))
    if (environmentIds.includes(environmentId)) await disconnectRedis(host, key, [environmentId]);
  await unlessStatus([404], host.docker.getNetwork(network.id).remove());
}
