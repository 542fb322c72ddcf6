import { TransientError } from '@berth/domain/errors';
import type Docker from 'dockerode';
import type { RedisStatus } from '../add-on-specs.js';
import { unlessStatus } from './docker-errors.js';
import type { DockerHost } from './docker-host.js';
import { findNetwork } from './find-network.js';
import { label, labelFilter } from './labels.js';

/** Networks of environments are named so; a container's own list of them has names only. */
export const environmentPrefix = ({ names }: DockerHost) => `${names.instance}-environment-`;

export async function findRedis(host: DockerHost, key: string): Promise<Docker.Container | undefined> {
  const filters = labelFilter(host, 'redis', { [label.key]: key });
  const [found] = await host.docker.listContainers({ all: true, filters });
  return found && host.docker.getContainer(found.Id);
}

/** A server that does not run makes a TransientError: whoever keeps it starts it. */
export async function findRunning(host: DockerHost, key: string): Promise<Docker.Container> {
  const container = await findRedis(host, key);
  if (!container || !(await container.inspect()).State.Running)
    throw new TransientError(`Redis server ${key} does not run`);
  return container;
}

export async function listRedis(host: DockerHost): Promise<RedisStatus[]> {
  const found = await host.docker.listContainers({ all: true, filters: labelFilter(host, 'redis') });
  const prefix = environmentPrefix(host);
  return found.map(({ Labels, State, NetworkSettings }) => {
    const isRunning = State === 'running';
    const names = Object.keys(NetworkSettings.Networks).filter((name) => name.startsWith(prefix));
    const [first = ''] = names.sort();
    return {
      ...{ key: Labels[label.key] ?? '', isRunning },
      environmentIds: names.map((name) => name.slice(prefix.length)),
      address: (isRunning && NetworkSettings.Networks[first]?.IPAddress) || undefined,
    };
  });
}

/** Joins those of the environments' networks that are there. */
export async function connectRedis(
  host: DockerHost,
  container: Docker.Container,
  { environmentIds, hostName }: { environmentIds: readonly string[]; hostName: string },
): Promise<void> {
  const { NetworkSettings } = await container.inspect();
  for (const environmentId of environmentIds) {
    const network = await findNetwork(host, 'environment-network', { [label.environment]: environmentId });
    if (!network || network.name in NetworkSettings.Networks) continue;
    const EndpointConfig = { Aliases: [hostName] };
    // 403: it was joined meanwhile
    await unlessStatus([403], host.docker.getNetwork(network.id).connect({ Container: container.id, EndpointConfig }));
  }
}

/** Takes a server out of these environments' networks; one that is not in them, or gone, is fine. */
export async function disconnectRedis(host: DockerHost, key: string, environmentIds: readonly string[]): Promise<void> {
  const container = await findRedis(host, key);
  if (!container) return;
  for (const environmentId of environmentIds) {
    const network = host.docker.getNetwork(`${environmentPrefix(host)}${environmentId}`);
    // 403 and 500 are the daemon's answers for a container that is not connected
    await unlessStatus([403, 404, 500], network.disconnect({ Container: container.id, Force: true }));
  }
}
