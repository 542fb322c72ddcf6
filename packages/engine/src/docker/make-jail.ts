import { join } from 'node:path';
import type { JailShape } from '../interface.js';
import { cacheDisks, type Disk, detachDisk, jailDisks, makeDisk, openKeptDisk, removeDisk } from './disks.js';
import { statusOf, unlessStatus } from './docker-errors.js';
import type { DockerHost } from './docker-host.js';
import { createNetwork } from './find-network.js';
import { jailOptions } from './jail-options.js';
import { cachePath } from './kept-disks.js';
import { type Labels, label, labelFilter } from './labels.js';
import { pullImage } from './pull-image.js';
import { yieldToApps } from './yield-to-apps.js';

/** A jail that is up. */
export interface Jail {
  jailId: string;
  containerId: string;
  shape: JailShape;
  workspace: Disk;
  cache: Disk;
}

/** Makes network, disks and container of one jail and starts it. What was made is removed again when it fails. */
export async function makeJail(host: DockerHost, jailId: string, shape: JailShape): Promise<Jail> {
  await host.whenFirewalled();
  const made: Disk[] = [];
  const makingNetwork = makeJailNetwork(host, jailId);
  const makingDisks = makeDisks(host, jailId, shape, made);
  try {
    const [network, disks] = await Promise.all([makingNetwork, makingDisks]);
    const container = await createHolder(host, shape, { jailId, network, ...disks });
    await container.start();
    await yieldToApps(host);
    return { jailId, containerId: container.id, shape, ...disks };
  } catch (error) {
    await Promise.allSettled([makingNetwork, makingDisks]);
    await removeJailParts(host, (id) => id === jailId);
    for (const disk of made) await dropDisk(host, disk);
    throw error;
  }
}

/** Kills everything in the jail and removes all it was made of, but a cache disk that is kept. */
export async function removeJail(host: DockerHost, jail: Jail): Promise<void> {
  await removeJailParts(host, (id) => id === jail.jailId);
  await dropDisk(host, jail.workspace);
  await dropDisk(host, jail.cache);
}

/** Removes containers, volumes and networks of the jails whose id matches, found by their labels. */
export async function removeJailParts(host: DockerHost, matches: (jailId: string) => boolean): Promise<void> {
  const { docker } = host;
  const isOne = ({ Labels }: { Labels?: Labels | undefined }) => matches(Labels?.[label.jail] ?? '');
  const containers = await docker.listContainers({ all: true, filters: labelFilter(host, 'jail') });
  for (const { Id } of containers.filter(isOne))
    await unlessStatus([404, 409], docker.getContainer(Id).remove({ force: true, v: true }));
  const { Volumes } = await docker.listVolumes({ filters: labelFilter(host, 'disk') });
  for (const { Name } of (Volumes ?? []).filter(isOne)) await removeVolume(host, Name);
  const networks = await docker.listNetworks({ filters: labelFilter(host, 'build-network') });
  for (const { Id } of networks.filter(isOne)) await unlessStatus([404], docker.getNetwork(Id).remove());
}

/**
 * After a daemon with live-restore was killed, it counts a mount too many for each disk of a jail that ran (moby before
 * 25: "volume has active mounts"), until it is started again. The next sweep tries again; no build waits for that.
 */
async function removeVolume(host: DockerHost, name: string): Promise<void> {
  await unlessStatus([404, 409, 500], host.docker.getVolume(name).remove());
}

async function makeJailNetwork(host: DockerHost, jailId: string): Promise<string> {
  const { name } = await createNetwork(host, {
    kind: 'build-network',
    name: `${host.names.instance}-build-${jailId}`,
    bridge: host.names.bridge('build', jailId),
    labels: { [label.jail]: jailId },
    pickSubnet: (taken) => host.pool.freeBuild(taken),
  });
  return name;
}

async function makeDisks(host: DockerHost, jailId: string, { cacheKey, limits }: JailShape, made: Disk[]) {
  const directory = host.settings.disksDirectory;
  const inJails = (name: string) => join(jailDisks(directory), name);
  const workspace = await makeDisk(directory, inJails(`${jailId}.img`), limits.diskBytes);
  made.push(workspace);
  const cache =
    cacheKey === undefined
      ? await makeDisk(directory, inJails(`${jailId}-cache.img`), limits.cacheBytes)
      : await openKeptDisk(directory, cachePath(directory, cacheKey), limits.cacheBytes);
  made.push(cache);
  return { workspace, cache };
}

async function createHolder(host: DockerHost, shape: JailShape, parts: Parameters<typeof jailOptions>[2]) {
  const options = jailOptions(host, shape, parts);
  try {
    return await host.docker.createContainer(options);
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    await pullImage(host, shape.image);
    return await host.docker.createContainer(options);
  }
}

async function dropDisk(host: DockerHost, disk: Disk): Promise<void> {
  const isKept = disk.imagePath.startsWith(`${cacheDisks(host.settings.disksDirectory)}/`);
  await (isKept ? detachDisk(disk) : removeDisk(disk));
}
