import type Docker from 'dockerode';
import { statusOf, unlessStatus } from './docker-errors.js';
import type { DockerHost } from './docker-host.js';
import { type ExecCommand, runIn } from './exec.js';
import { label, labelFilter, labelsOf } from './labels.js';

type NetworkHost = Pick<DockerHost, 'docker' | 'names' | 'settings'>;

/**
 * Runs a command on the host's network namespace with NET_ADMIN and nothing else: loads the firewall table and reads
 * routes. One small container is kept for it, since a fresh one each time costs four times as much CPU.
 */
export async function runOnHostNetwork(host: NetworkHost, command: ExecCommand): Promise<string> {
  const container = await findContainer(host);
  return await runIn(container, command);
}

let making: Promise<unknown> = Promise.resolve();

function findContainer(host: NetworkHost): Promise<Docker.Container> {
  const found = making.then(() => findOrMakeContainer(host));
  making = found.catch(() => {});
  return found;
}

async function findOrMakeContainer(host: NetworkHost): Promise<Docker.Container> {
  const known = await host.docker.listContainers({ all: true, filters: labelFilter(host, 'host-network') });
  const usable = known.find((one) => one.State === 'running' && one.Image === host.settings.platformImage);
  for (const other of known)
    if (other !== usable) await unlessStatus([404, 409], host.docker.getContainer(other.Id).remove({ force: true }));
  if (usable) return host.docker.getContainer(usable.Id);
  // One that an older version of ours left has other labels, and would keep the name for ever.
  await unlessStatus([404, 409], host.docker.getContainer(nameOf(host)).remove({ force: true }));
  const container = await host.docker.createContainer(containerOptions(host));
  await container.start();
  return container;
}

const nameOf = ({ names }: NetworkHost) => `${names.instance}-host-network`;

function containerOptions(host: NetworkHost): Docker.ContainerCreateOptions {
  return {
    name: nameOf(host),
    Image: host.settings.platformImage,
    Entrypoint: ['/usr/bin/tini', '--', 'sleep', 'infinity'],
    Cmd: [],
    User: '0:0',
    Labels: labelsOf(host, 'host-network', { [label.process]: 'host-network' }),
    HostConfig: {
      NetworkMode: 'host',
      CapDrop: ['ALL'],
      CapAdd: ['NET_ADMIN'],
      ReadonlyRootfs: true,
      SecurityOpt: ['no-new-privileges'],
      PidsLimit: 64,
      Memory: 128 * 1024 * 1024,
      LogConfig: { Type: 'none', Config: {} },
      // systemd-resolved keeps the real nameservers below /run.
      Binds: ['/run:/host/run:ro'],
    },
  };
}

/** At a graceful stop. */
export async function removeHostNetworkContainer(host: NetworkHost): Promise<void> {
  const known = await host.docker.listContainers({ all: true, filters: labelFilter(host, 'host-network') });
  for (const { Id } of known)
    await host.docker
      .getContainer(Id)
      .remove({ force: true })
      .catch((error: unknown) => {
        if (statusOf(error) !== 404 && statusOf(error) !== 409) throw error;
      });
}
