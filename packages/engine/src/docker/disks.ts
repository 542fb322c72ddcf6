import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from '@berth/daemon/spawn';

/** A sparse ext4 image on a loop device: the only disk limit that needs nothing of the host's own file system. */
export interface Disk {
  imagePath: string;
  device: string;
  sizeBytes: number;
  /** Made empty now: nobody has written to it yet. */
  isNew: boolean;
}

export const jailDisks = (directory: string) => join(directory, 'jails');
export const cacheDisks = (directory: string) => join(directory, 'caches');
export const volumeDisks = (directory: string) => join(directory, 'volumes');
export const diskTemplates = (directory: string) => join(directory, 'templates');

const owner = '10001:10001';

/** A new, empty disk owned by the unprivileged user. */
export async function makeDisk(directory: string, imagePath: string, sizeBytes: number): Promise<Disk> {
  await mkdir(dirname(imagePath), { recursive: true });
  const template = await diskTemplate(directory, sizeBytes);
  await run(['cp', '--sparse=always', '--reflink=auto', template, imagePath]);
  return { ...(await attachDisk(imagePath, sizeBytes)), isNew: true };
}

/** A disk that is kept between builds. One that a crash has damaged is made anew: it holds only what can be fetched again. */
export async function openKeptDisk(directory: string, imagePath: string, sizeBytes: number): Promise<Disk> {
  if (!existsSync(imagePath)) return makeDisk(directory, imagePath, sizeBytes);
  await detachImage(imagePath);
  // Without a journal a power cut leaves errors. Codes of fsck(8): 0 clean, 1 mended, from 4 on not mended.
  const { code } = await run(['e2fsck', '-p', imagePath], { check: false });
  if (code === 0 || code === 1) return { ...(await attachDisk(imagePath, (await stat(imagePath)).size)), isNew: false };
  await rm(imagePath);
  return makeDisk(directory, imagePath, sizeBytes);
}

/** Detaches the device; the image stays. */
export async function detachDisk(disk: Pick<Disk, 'device'>): Promise<void> {
  await run(['losetup', '--detach', disk.device], { check: false });
}

/** Detaches and deletes. */
export async function removeDisk(disk: Pick<Disk, 'device' | 'imagePath'>): Promise<void> {
  await detachDisk(disk);
  await rm(disk.imagePath, { force: true });
}

/**
 * Detaches and deletes the disks of jails whose id matches, after a host process that was killed. Those of caches are
 * detached when they are opened again.
 */
export async function removeJailDisks(directory: string, matches: (jailId: string) => boolean): Promise<void> {
  const names = await readdir(jailDisks(directory)).catch(() => []);
  for (const name of names.filter((one) => matches(/^[0-9a-f]*/.exec(one)![0]))) {
    await detachImage(join(jailDisks(directory), name));
    await rm(join(jailDisks(directory), name), { force: true });
  }
}

/** Detaches the disks of all caches: before any jail is open. */
export async function detachCaches(directory: string): Promise<void> {
  const names = await readdir(cacheDisks(directory)).catch(() => []);
  for (const name of names) await detachImage(join(cacheDisks(directory), name));
}

async function attachDisk(imagePath: string, sizeBytes: number): Promise<Omit<Disk, 'isNew'>> {
  const { stdout } = await run(['losetup', '--find', '--show', imagePath]);
  return { imagePath, device: stdout.toString().trim(), sizeBytes };
}

/** Detaches all devices that have this image; the image stays. */
export async function detachImage(imagePath: string): Promise<void> {
  for (const device of await devicesOf(imagePath)) await detachDisk({ device });
}

/** Loop devices that have this image. */
export async function devicesOf(imagePath: string): Promise<string[]> {
  const { stdout } = await run(['losetup', '--noheadings', '--output', 'NAME', '--associated', imagePath]);
  const names = stdout
    .toString()
    .split('\n')
    .map((line) => line.trim());
  return names.filter((name) => name !== '');
}

const templates = new Map<string, Promise<string>>();

/** Formatting once and copying the sparse file afterwards is several times faster than formatting each. */
function diskTemplate(directory: string, sizeBytes: number): Promise<string> {
  const path = join(diskTemplates(directory), `${sizeBytes}.img`);
  const known = templates.get(path);
  if (known) return known;
  const made = formatTemplate(path, sizeBytes);
  templates.set(path, made);
  made.catch(() => templates.delete(path));
  return made;
}

async function formatTemplate(path: string, sizeBytes: number): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  await run(['truncate', '--size', String(sizeBytes), draft]);
  const extended = `lazy_itable_init=1,nodiscard,root_owner=${owner}`;
  const features = '^has_journal,^resize_inode';
  await run(['mkfs.ext4', '-q', '-F', '-m', '0', '-i', '8192', '-O', features, '-E', extended, draft]);
  // Only root can read lost+found: archives and git would trip over it.
  await run(['debugfs', '-w', '-R', 'rmdir lost+found', draft]);
  await rename(draft, path);
  return path;
}
