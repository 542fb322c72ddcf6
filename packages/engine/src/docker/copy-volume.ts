import { run } from '@berth/daemon/spawn';
import { TransientError } from '@berth/domain/errors';
import { unlessStatus } from './docker-errors.js';
import type { DockerHost } from './docker-host.js';
import { freezeInstances, isFrozen, thawInstances } from './freezer.js';
import { labelsOf } from './labels.js';

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
  await freezeInstances(host, awake);
  try {
    if (running.length > 0) await writeOut(host, name);
    await run(['cp', '--sparse=always', '--reflink=auto', from, to], signal ? { signal } : {});
    await checkStill(host, name);
  } finally {
    await thawInstances(host, awake);
  }
  // It was copied mounted: its journal is played now. Codes of fsck(8): 0 clean, 1 mended.
  const { code } = await run(['e2fsck', '-p', to], { check: false });
  if (code !== 0 && code !== 1) throw new TransientError(`a copy of ${name} is not clean: e2fsck ended with ${code}`);
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
