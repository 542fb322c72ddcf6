import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@berth/daemon/spawn';
import { TransientError } from '@berth/domain/errors';
import { volumeDisks } from './disks.js';
import { unlessStatus } from './docker-errors.js';
import type { DockerHost } from './docker-host.js';
import { freezeInstances, isFrozen, thawInstances } from './freezer.js';
import { labelFilter, labelsOf } from './labels.js';

/** Beside a copy that is being made: who stands still for it, a line each. */
const stillNote = '.still';

/**
 * Copies a volume's disk while the containers that have it stand still, its writes on the disk: only blocks that hold something,
 * and none where the host's file system can share them. `to` is clean or TransientError: then it is to be made again.
 */
export async function copyStill(
  host: DockerHost,
  { name, from, to, signal }: { name: string; from: string; to: string; signal?: AbortSignal | undefined },
): Promise<void> {
  const running = await host.docker.listContainers({ filters: { volume: [name] } });
  const awake: string[] = [];
  for (const { Id } of running) if (!(await isFrozen(host, Id))) awake.push(Id); // those that sleep go on sleeping
  await writeFile(`${to}${stillNote}`, awake.map((id) => `${id}\n`).join(''));
  try {
    await freezeInstances(host, awake);
    if (running.length > 0) await writeOut(host, name);
    await run(['cp', '--sparse=always', '--reflink=auto', from, to], signal ? { signal } : {});
    await checkStill(host, name);
  } finally {
    await thawInstances(host, awake);
    await rm(`${to}${stillNote}`, { force: true });
  }
  // It was copied mounted: its journal is played now. Codes of fsck(8): 0 clean, 1 mended.
  const { code } = await run(['e2fsck', '-p', to], { check: false });
  if (code !== 0 && code !== 1) throw new TransientError(`a copy of ${name} is not clean: e2fsck ended with ${code}`);
}

/**
 * Ends the copies that a host process was killed in, before this one does anything else: whatever stood still for them goes on
 * (instances, one-offs, what is held; what sleeps is in no note), and nothing of them has the volume any more.
 */
export async function endLeftCopies(host: DockerHost): Promise<void> {
  const directory = volumeDisks(host.settings.disksDirectory);
  const files = await readdir(directory).catch(() => []);
  for (const note of files.filter((file) => file.endsWith(stillNote)).map((file) => join(directory, file))) {
    const lines = (await readFile(note, 'utf8')).split('\n');
    // A note that was not written to its end froze nobody.
    const awake = lines.filter((line) => /^[0-9a-f]{64}$/.test(line));
    await thawInstances(host, awake);
    await rm(note, { force: true });
  }
  for (const { Id } of await host.docker.listContainers({ all: true, filters: labelFilter(host, 'disk-reader') }))
    await unlessStatus([404, 409], host.docker.getContainer(Id).remove({ force: true }));
}

/** Who was started or thawed meanwhile may have written between two of the blocks: of that no check of the copy would tell. */
async function checkStill(host: DockerHost, name: string): Promise<void> {
  for (const { Id } of await host.docker.listContainers({ filters: { volume: [name] } }))
    if (!(await isFrozen(host, Id))) throw new TransientError(`a container of ${name} went on while it was copied`);
}

/** What its processes wrote and the kernel holds in memory still. */
async function writeOut(host: DockerHost, name: string): Promise<void> {
  const container = await host.docker.createContainer({
    Image: host.settings.platformImage,
    Entrypoint: ['sync', '--file-system', '/volume'],
    Cmd: [],
    User: '0:0',
    Labels: labelsOf(host, 'disk-reader'),
    HostConfig: {
      NetworkMode: 'none',
      CapDrop: ['ALL'],
      ReadonlyRootfs: true,
      SecurityOpt: ['no-new-privileges'],
      LogConfig: { Type: 'none', Config: {} },
      Mounts: [{ Type: 'volume', Source: name, Target: '/volume', ReadOnly: true, VolumeOptions: noCopy }],
    },
  });
  try {
    await container.start();
    const { StatusCode } = (await container.wait()) as { StatusCode: number };
    if (StatusCode !== 0) throw new TransientError(`sync of ${name} ended with ${StatusCode}`);
  } finally {
    await unlessStatus([404, 409], container.remove({ force: true }));
  }
}

const noCopy = { NoCopy: true, Labels: {}, DriverConfig: { Name: 'local', Options: {} } };
