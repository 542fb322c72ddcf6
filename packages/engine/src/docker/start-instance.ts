import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '@berth/domain/errors';
import type Docker from 'dockerode';
import type { GroupSpec, InstanceStatus } from '../interface.js';
import { statusOf, unlessStatus } from './docker-errors.js';
import type { DockerHost } from './docker-host.js';
import { environmentNetworkName } from './environment-network.js';
import { thawInstances } from './freezer.js';
import { instanceOptions } from './instance-options.js';
import { findInstance, type InstanceKey, toStatus } from './instance-status.js';
import { pullImage } from './pull-image.js';
import { withVolumes } from './volumes.js';

/**
 * Creates and starts an instance; one that was created before (a try that was killed) is started. One that exited by
 * itself is returned as it is: whether a crash is tried again is the releaser's decision (restartInstance).
 */
export async function startInstance(host: DockerHost, group: GroupSpec, index: number): Promise<InstanceStatus> {
  await host.whenFirewalled();
  const container = (await findInstance(host, { ...group, index })) ?? (await createInstance(host, group, index));
  const info = await container.inspect();
  if (info.State.Status !== 'created') return toStatus(info);
  if (group.agents?.length) await checkShell(container, 'which agents need: put one into it, or leave the agents out.');
  if (group.isHeld) await checkShell(container, 'which a debug deploy needs: put one into it, or switch debug off.');
  await withVolumes(host, info, () => unlessStatus([304], container.start()));
  return toStatus(await container.inspect());
}

/** Agents and debug deploys are kept by a shell script: an image without a shell is told, instead of ending with 127. */
async function checkShell(container: Docker.Container, why: string): Promise<void> {
  if (await unlessStatus([404], container.infoArchive({ path: '/bin/sh' }))) return;
  throw new UserError('unsupported', `This image has no shell (/bin/sh), ${why}`);
}

async function createInstance(host: DockerHost, group: GroupSpec, index: number) {
  const network = await environmentNetworkName(host, group.environmentId);
  const options = instanceOptions(host, group, index, network);
  try {
    return await host.docker.createContainer(options);
  } catch (error) {
    if (statusOf(error) === 404) {
      await pullImage(host, group.image);
      return await host.docker.createContainer(options);
    }
    if (statusOf(error) !== 409) throw error;
    return await findTwin(host, { ...group, index }, error);
  }
}

const twinAttempts = 40;

/** Somebody makes it at the same time: its name is taken before it can be listed. */
async function findTwin(host: DockerHost, key: InstanceKey, conflict: unknown): Promise<Docker.Container> {
  for (let attempt = 1; attempt <= twinAttempts; attempt++) {
    const twin = await findInstance(host, key);
    if (twin) return twin;
    await sleep(50);
  }
  throw conflict;
}

/** Starts an exited instance again, in the same container: files it wrote are still there, its address may change. */
export async function restartInstance(host: DockerHost, key: InstanceKey): Promise<InstanceStatus> {
  await host.whenFirewalled();
  const container = await findInstance(host, key);
  if (!container) throw new Error(`Instance ${key.processType}.${key.index} of rollout ${key.rolloutId} is gone.`);
  await thawInstances(host, [container.id]); // one that never ended, but was frozen
  await withVolumes(host, await container.inspect(), () => unlessStatus([304], container.start()));
  return toStatus(await container.inspect());
}
