import { TransientError } from '@berth/domain/errors';
import type Docker from 'dockerode';
import type { CollectorEnd, RegistryVolume } from '../host-disk.js';
import type { DockerHost } from './docker-host.js';
import { execIn, runIn } from './exec.js';
import { label } from './labels.js';
import { parseRegistryVolume } from './parse-registry-volume.js';

/** Written by docker-compose.yml: the part's name. */
const serviceLabel = 'com.docker.compose.service';
/** The one that builds push to, and the one of production where that is ours too. */
const parts = { main: 'registry', production: 'registry-production' } as const;
const volumePath = '/var/lib/berth/registry';
const configPath = '/opt/berth/scripts/parts/registry.yml';
/** Longest run of the collector, s. */
const collectSeconds = 3_000;
/** Our exit code of flock(1) for "somebody else has it". */
const stillLocked = 75;

/** Undefined where the registry is no container of this host, or keeps its blobs elsewhere. */
export async function readRegistryVolume(host: DockerHost): Promise<RegistryVolume | undefined> {
  const registry = await findPart(host, parts.main);
  if (!registry) return undefined;
  const listed = await runIn(registry, {
    argv: ['find', volumePath, '-printf', '%y\\t%P\\t%s\\t%b\\t%T@\\n'],
  });
  const volume = parseRegistryVolume(listed);
  // Nothing at all: it is new, or its blobs are in a bucket, which is not on this disk.
  return volume.revisions.length + volume.blobs.length === 0 ? undefined : volume;
}

/**
 * Removes blobs that no manifest refers to (`docker-registry garbage-collect`) beside each registry of ours, which goes on
 * answering pulls; nobody may push meanwhile. The lock is the kernel's: a run that a killed host process left behind is
 * waited for, and one that the container's end takes with it leaves nothing. Throws when it may still run.
 */
export async function collectRegistry(host: DockerHost): Promise<CollectorEnd> {
  const registry = await findPart(host, parts.main);
  if (!registry) throw new TransientError('The registry does not run.');
  const end = await collectIn(registry);
  const production = end.exitCode === 0 ? await findPart(host, parts.production) : undefined;
  return production && (await hasRepositories(production)) ? collectIn(production) : end;
}

/** Where nothing was pushed yet the collector fails; where the blobs are in a bucket they are its owner's to free. */
async function hasRepositories(registry: Docker.Container): Promise<boolean> {
  const argv = ['test', '-d', `${volumePath}/docker/registry/v2/repositories`] as const;
  return (await execIn(registry, { argv }, () => {})).exitCode === 0;
}

async function collectIn(registry: Docker.Container): Promise<CollectorEnd> {
  const seconds = String(collectSeconds);
  const lock = ['flock', '--timeout', seconds, '--conflict-exit-code', String(stillLocked), '/tmp/collect.lock'];
  const collect = ['timeout', '--kill-after=10', seconds, 'docker-registry', 'garbage-collect', configPath];
  const { exitCode, stderr } = await execIn(registry, { argv: [...lock, ...collect] }, () => {});
  // Without an exit code the connection to the daemon broke.
  if (exitCode === -1 || exitCode === stillLocked)
    throw new TransientError(`The registry's collector may still run: ${stderr.slice(-500)}`);
  return { exitCode, message: stderr.slice(-500) };
}

async function findPart({ docker, names }: DockerHost, part: string): Promise<Docker.Container | undefined> {
  const filters = { label: [`${label.instance}=${names.instance}`, `${serviceLabel}=${part}`], status: ['running'] };
  const [found] = await docker.listContainers({ filters });
  return found && docker.getContainer(found.Id);
}
