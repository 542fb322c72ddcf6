import { constants, existsSync } from 'node:fs';
import { mkdir, open, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inTurn } from '@berth/daemon/in-turn';
import { run } from '@berth/daemon/spawn';
import { UserError } from '@berth/domain/errors';
import type Docker from 'dockerode';
import type { VolumeMount, VolumeSpec } from '../add-on-specs.js';
import { copyStill } from './copy-volume.js';
import { detachImage, devicesOf, volumeDisks } from './disks.js';
import { statusOf, unlessStatus } from './docker-errors.js';
import { type DockerHost, unprivilegedUser } from './docker-host.js';
import { label, labelsOf } from './labels.js';
import { freeSpace } from './measure-disk.js';

const GiB = 1024 ** 3;

const imageOf = ({ settings }: DockerHost, key: string) => join(volumeDisks(settings.disksDirectory), `${key}.img`);
/** A loop device has another number after a reboot: Docker's volume names this link to it. */
const linkOf = ({ settings }: DockerHost, key: string) => join(volumeDisks(settings.disksDirectory), `${key}.device`);
const prefixOf = ({ names }: Pick<DockerHost, 'names'>) => `${names.instance}_volume-`;
export const volumeName = (host: Pick<DockerHost, 'names'>, key: string): string => `${prefixOf(host)}${key}`;

/**
 * Makes a volume that is not there: empty, or with what another one holds at this moment. A disk image is whole or not there;
 * one at a time, should somebody ask again before an earlier try was given up. What is copied does not grow meanwhile; its size,
 * which it may have grown to before, is that of the copy. Resolves with the size, bytes.
 */
export function ensureVolume(host: DockerHost, spec: VolumeSpec, signal?: AbortSignal): Promise<number> {
  const { key, copyOf } = spec;
  const make = () => makeVolume(host, spec, signal);
  return inTurn(imageOf(host, key), copyOf === undefined ? make : () => inTurn(imageOf(host, copyOf), make));
}

/**
 * Makes a volume larger, never smaller; one that has the size already is fine. False: a container that runs has it, so that its
 * file system is mounted. To grow that one needs a capability (CAP_SYS_RESOURCE) that hosts within a host do not have.
 */
export function growVolume(host: DockerHost, { key, sizeBytes }: Omit<VolumeSpec, 'copyOf'>): Promise<boolean> {
  const path = imageOf(host, key);
  return inTurn(path, () => inTurn(deviceOf(path), () => growImage(host, key, sizeBytes)));
}

/** Nobody puts it on a device or mounts it meanwhile. A try that was killed at any line is made again. */
async function growImage(host: DockerHost, key: string, sizeBytes: number): Promise<boolean> {
  const path = imageOf(host, key);
  const filters = { volume: [volumeName(host, key)] };
  if ((await host.docker.listContainers({ filters })).length > 0) return false;
  for (const device of await devicesOf(path)) if (await isMounted(device)) return false;
  // Another process may have been killed while it started a container: that one shall find no device, rather than the next disk's.
  await rm(linkOf(host, key), { force: true });
  await detachImage(path);
  if ((await devicesOf(path)).length > 0) return false; // somebody looks at it: the kernel lets go at the close
  const { size } = await stat(path);
  if (size < sizeBytes) {
    await checkSpace(host, sizeBytes - size);
    await run(['truncate', '--size', String(sizeBytes), path]);
  }
  await fill(path);
  await flush(path);
  return true;
}

/** Its file system is as large as its file from now on. */
async function fill(path: string): Promise<void> {
  await mend(path, ['-f']);
  await run(['resize2fs', path]);
  await hideLostAndFound(path); // e2fsck made it
}

/** In whatever namespace: what is mounted is opened by nobody else alone. */
async function isMounted(device: string): Promise<boolean> {
  try {
    const file = await open(device, constants.O_RDONLY | constants.O_EXCL);
    await file.close();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EBUSY') return true;
    if (code !== 'ENXIO') throw error; // its disk is gone from it already
  }
  return false;
}

async function makeVolume(
  host: DockerHost,
  { key, sizeBytes, copyOf }: VolumeSpec,
  signal?: AbortSignal,
): Promise<number> {
  const path = imageOf(host, key);
  if (!existsSync(path)) {
    const draft = `${path}.draft`;
    await mkdir(dirname(path), { recursive: true });
    await rm(draft, { force: true });
    await checkSpace(host, sizeBytes);
    if (copyOf === undefined) await format(draft, sizeBytes);
    else {
      await copyStill(host, { name: volumeName(host, copyOf), from: imageOf(host, copyOf), to: draft, signal });
      await fill(draft); // a growth of what it copies may have been given up halfway
    }
    await flush(draft);
    signal?.throwIfAborted();
    await rename(draft, path);
  }
  const labels = labelsOf(host, 'volume', { [label.key]: key });
  // noinit_itable: nothing is written where nothing is; discard: what is deleted is given back to the host.
  const o = 'nosuid,nodev,relatime,noinit_itable,discard';
  const DriverOpts = { type: 'ext4', device: linkOf(host, key), o };
  await host.docker.createVolume({ Name: volumeName(host, key), Driver: 'local', DriverOpts, Labels: labels });
  return (await stat(path)).size;
}

/** Ends a volume with all in it; one that is gone is fine. False: a container has it. */
export async function removeVolume(host: DockerHost, key: string): Promise<boolean> {
  try {
    await unlessStatus([404], host.docker.getVolume(volumeName(host, key)).remove());
  } catch (error) {
    if (statusOf(error) === 409) return false;
    throw error;
  }
  await detachImage(imageOf(host, key));
  for (const path of [linkOf(host, key), imageOf(host, key), `${imageOf(host, key)}.draft`])
    await rm(path, { force: true });
  return true;
}

/** For the container's HostConfig; the instances of an app on this host have the same files. */
export const volumeMounts = (host: Pick<DockerHost, 'names'>, volumes: readonly VolumeMount[] = []) =>
  volumes.map(({ key, path }) => ({
    ...{ Type: 'volume' as const, Source: volumeName(host, key), Target: path, VolumeOptions: { NoCopy: true } },
  })) as Docker.MountSettings[];

/**
 * Starts a container by `start`: each of the volumes among its mounts is on a device, and stays there until it is mounted. One start
 * after the other for each volume: a disk on two devices at once would be broken.
 */
export function withVolumes(
  host: DockerHost,
  { Mounts }: Pick<Docker.ContainerInspectInfo, 'Mounts'>,
  start: () => Promise<unknown>,
): Promise<unknown> {
  const prefix = prefixOf(host);
  const names = new Set(Mounts.flatMap(({ Name }) => (Name?.startsWith(prefix) ? [Name] : [])));
  // In one order for all, so that no two starts wait for each other.
  const inTurns = [...names].sort().reduceRight((next, name) => {
    const key = name.slice(prefix.length);
    return () => inTurn(deviceOf(imageOf(host, key)), () => attach(host, key).then(next));
  }, start);
  return inTurns();
}

/** Names a disk's device for {@link inTurn}: a disk that is copied, which takes its time, can be put on one meanwhile. */
const deviceOf = (path: string) => `device of ${path}`;

async function attach(host: DockerHost, key: string): Promise<void> {
  const [path, link] = [imageOf(host, key), linkOf(host, key)];
  let [device] = await devicesOf(path);
  if (!device) {
    await mend(path);
    device = (await run(['losetup', '--find', '--show', path])).stdout.toString().trim();
  }
  if ((await readlink(link).catch(() => '')) === device) return;
  await rm(`${link}.new`, { force: true });
  await symlink(device, `${link}.new`);
  await rename(`${link}.new`, link);
}

/** Codes of fsck(8): 0 clean, 1 mended; from 4 on somebody has to look, and nothing is thrown away. */
async function mend(path: string, options: readonly string[] = []): Promise<void> {
  const { code, stdout } = await run(['e2fsck', '-p', ...options, path], { check: false });
  if (code === 0 || code === 1) return;
  throw new Error(`the disk of volume ${path} is damaged, e2fsck ended with ${code}: ${stdout}`);
}

async function format(draft: string, sizeBytes: number): Promise<void> {
  await run(['truncate', '--size', String(sizeBytes), draft]);
  const extended = `lazy_itable_init=1,lazy_journal_init=1,nodiscard,root_owner=${unprivilegedUser}`;
  await run(['mkfs.ext4', '-q', '-F', '-m', '0', '-O', '^resize_inode', '-E', extended, draft]);
  await hideLostAndFound(draft);
}

/** Only root could read it. One that holds something stays. */
const hideLostAndFound = (path: string) => run(['debugfs', '-w', '-R', 'rmdir lost+found', path]);

/** Else a power cut could leave a name for a disk that was never written whole. */
async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+');
  await file.sync().finally(() => file.close());
}

async function checkSpace({ settings }: DockerHost, sizeBytes: number): Promise<void> {
  const { freeBytes } = await freeSpace(settings.disksDirectory);
  if (sizeBytes <= freeBytes) return;
  const free = Math.floor(freeBytes / GiB);
  throw new UserError('add_on_failed', `It is larger than what is free on the host's disk (${free} GiB).`);
}
