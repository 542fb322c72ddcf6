import { createHash } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import type { HostContainer, HostDisk, HostImage } from '../host-disk.js';
import { unlessStatus } from './docker-errors.js';
import type { DockerHost } from './docker-host.js';
import { listDiskImages } from './kept-disks.js';
import { label } from './labels.js';
import { parseImageName } from './pull-image.js';
import { type DockerRoot, readDockerRoot } from './read-docker-root.js';
import { readRegistryVolume } from './registry-volume.js';

/** What of ours is on this host's disk. Docker's own figures, and from below its root those that its API does not give. */
export async function measureDisk(host: DockerHost, cacheKeys: readonly string[]): Promise<HostDisk> {
  const [usage, root, disks, registry, space] = await Promise.all([
    host.docker.df() as Promise<DockerUsage>,
    readDockerRoot(host),
    listDiskImages(host.settings.disksDirectory, cacheKeys),
    readRegistryVolume(host),
    freeSpace(host.settings.disksDirectory),
  ]);
  return {
    ...space,
    images: await ourImages(host, usage.Images ?? [], root),
    containers: ourContainers(host, usage.Containers ?? [], root),
    volumes: ourVolumes(host, usage.Volumes ?? []),
    disks,
    registry,
  };
}

export async function freeSpace(directory: string): Promise<{ totalBytes: number; freeBytes: number }> {
  const { blocks, bavail, bsize } = await statfs(directory);
  return { totalBytes: blocks * bsize, freeBytes: bavail * bsize };
}

/** The parts of `GET /system/df` (Engine API 1.41) that are read here. */
interface DockerUsage {
  Images: { Id: string; RepoDigests: string[] | null; Containers: number }[] | null;
  Containers: { Id: string; Names: string[]; Labels: Record<string, string>; SizeRw?: number }[] | null;
  Volumes: { Name: string; Labels: Record<string, string> | null; UsageData?: { Size: number } }[] | null;
}

async function ourImages(
  { docker, settings }: DockerHost,
  images: NonNullable<DockerUsage['Images']>,
  root: DockerRoot,
): Promise<HostImage[]> {
  const found: HostImage[] = [];
  for (const image of images) {
    const names = (image.RepoDigests ?? []).flatMap((name) => parseImageName({ settings }, name) ?? []);
    if (names.length === 0) continue;
    const about = await unlessStatus([404], docker.getImage(image.Id).inspect());
    const layers = chainIds(about?.RootFS.Layers ?? []).map((id) => ({ id, bytes: root.layerBytes.get(id) ?? 0 }));
    for (const name of names) found.push({ ...name, layers, isUsed: image.Containers > 0 });
  }
  return found;
}

/** What Docker keeps a layer under: its own diff id and those below it (OCI image specification, "Layer ChainID"). */
function chainIds(diffIds: readonly string[]): string[] {
  const chain: string[] = [];
  for (const diffId of diffIds) {
    const below = chain.at(-1);
    chain.push(below ? `sha256:${createHash('sha256').update(`${below} ${diffId}`).digest('hex')}` : diffId);
  }
  return chain;
}

function ourContainers(
  { names }: DockerHost,
  containers: NonNullable<DockerUsage['Containers']>,
  root: DockerRoot,
): HostContainer[] {
  return containers
    .filter(({ Labels }) => Labels[label.instance] === names.instance)
    .map(({ Id, Names, Labels, SizeRw }) => ({
      containerId: Id,
      name: Names[0]?.replace(/^\//, '') ?? Id.slice(0, 12),
      kind: Labels[label.kind] ?? 'part',
      appId: Labels[label.app] ?? null,
      writableBytes: SizeRw ?? 0,
      logBytes: root.logBytes.get(Id) ?? 0,
    }));
}

/** Volumes of docker-compose.yml and of Redis servers; those of disk images are counted as images. */
function ourVolumes({ names }: DockerHost, volumes: NonNullable<DockerUsage['Volumes']>): HostDisk['volumes'] {
  return volumes.flatMap(({ Name, Labels, UsageData }) => {
    const isPart = Labels?.['com.docker.compose.project'] === names.instance;
    const isRedis = Labels?.[label.instance] === names.instance && Labels[label.kind] === 'redis';
    if (!isPart && !isRedis) return [];
    const bytes = Math.max(0, UsageData?.Size ?? 0);
    return [{ name: Name.slice(names.instance.length + 1), key: (isRedis && Labels?.[label.key]) || null, bytes }];
  });
}
