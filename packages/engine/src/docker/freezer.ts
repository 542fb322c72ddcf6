import { constants } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TransientError } from '@berth/domain/errors';
import { type CgroupWrite, type SleepFiles, sleepFiles } from '../sleep-files.js';
import type { DockerHost } from './docker-host.js';

/** Looks at a group that does not stand still yet, and ms between two of them: a second, on a host whose CPUs are all wanted. */
const looks = 200;
const lookEachMs = 5;

const filesOf = (host: DockerHost, containerId: string): SleepFiles => {
  if (!/^[0-9a-f]{64}$/.test(containerId)) throw new Error(`Not a container's id: ${containerId}`);
  return sleepFiles(host.facts, host.names, containerId);
};

/**
 * Stops the processes of these containers where they are, all of them or none: no process is spawned, Docker goes on saying
 * "running" (docker pause costs 40 ms more, and a container that it paused can be thawed by Docker only).
 * Throws TransientError when one does not stand still in time, or is gone; the others are thawed again then.
 */
export async function freezeInstances(host: DockerHost, containerIds: readonly string[]): Promise<void> {
  const frozen = await Promise.allSettled(containerIds.map((id) => freeze(host, filesOf(host, id), id)));
  const refused = frozen.find((result) => result.status === 'rejected');
  if (!refused) return;
  await thawInstances(host, containerIds); // when no try goes on that could freeze one again behind it
  throw refused.reason;
}

/** The kernel may be refused by a task in an uninterruptible wait: it is asked again until all stand still. */
async function freeze(host: DockerHost, files: SleepFiles, containerId: string): Promise<void> {
  for (let look = 1; look <= looks; look++) {
    if (!(await put(host, files.freeze)))
      throw new TransientError(`container ${containerId} is gone or has no freezer`);
    if (await standsStill(host, files)) return;
    await sleep(lookEachMs);
  }
  throw new TransientError(`container ${containerId} does not stand still`);
}

/** Lets them go on. Tells which are gone: stopped, or removed. Thawing what runs is fine. */
export async function thawInstances(host: DockerHost, containerIds: readonly string[]): Promise<{ gone: string[] }> {
  const isThere = await Promise.all(containerIds.map((id) => put(host, filesOf(host, id).thaw)));
  return { gone: containerIds.filter((_, at) => !isThere[at]) };
}

/**
 * Moves what these frozen containers have in memory to the host's swap, one after the other. False: this host has none.
 * A kernel that gets less than all says so with an error, which is no failure.
 */
export async function pushOutInstances(host: DockerHost, containerIds: readonly string[]): Promise<boolean> {
  for (const id of containerIds) {
    const { pushOut } = filesOf(host, id);
    if (!pushOut) return false;
    for (const write of pushOut) await put(host, write, ['ENOENT', 'EAGAIN', 'EBUSY', 'EINTR']);
  }
  return true;
}

/** Whether a container stands still. */
export const isFrozen = (host: DockerHost, containerId: string): Promise<boolean> =>
  standsStill(host, filesOf(host, containerId));

async function standsStill(host: DockerHost, { frozen }: Pick<SleepFiles, 'frozen'>): Promise<boolean> {
  const text = await readFile(join(host.settings.cgroupRoot, frozen.path), 'utf8').catch(() => '');
  return text.split('\n').includes(frozen.line);
}

/** False: there is no such group (any more). */
async function put(host: DockerHost, { path, value }: CgroupWrite, fine = ['ENOENT', 'ENODEV']): Promise<boolean> {
  try {
    // For writing only: memory.force_empty may not even be read, and apps/host has no capability to overrule that.
    const file = await open(join(host.settings.cgroupRoot, path), constants.O_WRONLY);
    await file.writeFile(value).finally(() => file.close());
    return true;
  } catch (error) {
    if (fine.includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}
