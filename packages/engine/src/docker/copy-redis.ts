import { setTimeout as sleep } from 'node:timers/promises';
import { TransientError } from '@berth/domain/errors';
import type Docker from 'dockerode';
import { unlessStatus } from './docker-errors.js';
import type { DockerHost } from './docker-host.js';
import { askRedis, readAdminPassword, tellRedis } from './redis-admin.js';
import { findRunning } from './redis-networks.js';

const copiedWithinMs = 10 * 60_000;

/**
 * Fills one server with all that another holds at this moment: it follows the other, by Redis' own replication, until it has
 * all, and is its own again. For that time it is in the other's network. The other goes on; a copy that is cut off begins again.
 */
export async function copyRedis(host: DockerHost, { from, to }: { from: string; to: string }): Promise<void> {
  const [source, target] = await Promise.all([findRunning(host, from), findRunning(host, to)]);
  const { networkId, address } = await placeOf(source);
  const network = host.docker.getNetwork(networkId);
  const joined = await unlessStatus(
    [403],
    network.connect({ Container: target.id }).then(() => true),
  );
  try {
    const password = await readAdminPassword(source);
    await tellRedis(target, ['CONFIG SET masteruser berth', `CONFIG SET masterauth ${password}`]);
    await askRedis(target, ['REPLICAOF', address, '6379']);
    await untilFollowed(target);
  } finally {
    await askRedis(target, ['REPLICAOF', 'NO', 'ONE']);
    await tellRedis(target, ['CONFIG SET masteruser ""', 'CONFIG SET masterauth ""']);
    if (joined) await unlessStatus([403, 404], network.disconnect({ Container: target.id, Force: true }));
  }
}

/** A network that it is in, and its address there. */
async function placeOf(container: Docker.Container): Promise<{ networkId: string; address: string }> {
  const { NetworkSettings } = await container.inspect();
  const [network] = Object.values(NetworkSettings.Networks);
  if (!network) throw new TransientError('the Redis server to copy is in no network');
  return { networkId: network.NetworkID, address: network.IPAddress };
}

async function untilFollowed(target: Docker.Container): Promise<void> {
  const deadline = Date.now() + copiedWithinMs;
  for (;;) {
    const info = await askRedis(target, ['INFO', 'replication']);
    if (/^master_link_status:up/m.test(info) && /^master_sync_in_progress:0/m.test(info)) return;
    if (Date.now() > deadline) throw new TransientError(`a copy of a Redis server is not over: ${info}`);
    await sleep(200);
  }
}
