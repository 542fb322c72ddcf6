import type Docker from 'dockerode';
import type { GroupKey, InstanceStatus } from '../interface.js';
import { unlessStatus } from './docker-errors.js';
import type { DockerHost } from './docker-host.js';
import { label, labelFilter } from './labels.js';

export type InstanceKey = GroupKey & { index: number };

/** The container of one instance, found by its labels. */
export async function findInstance(host: DockerHost, key: InstanceKey): Promise<Docker.Container | undefined> {
  const filters = labelFilter(host, 'instance', {
    [label.rollout]: key.rolloutId,
    [label.process]: key.processType,
    [label.index]: String(key.index),
  });
  const [found] = await host.docker.listContainers({ all: true, filters });
  return found && host.docker.getContainer(found.Id);
}

/** All instances of this Berth, or of one app or rollout. One that is removed meanwhile is left out. */
export async function listInstances(
  host: DockerHost,
  filter: { appId?: string; rolloutId?: string } = {},
): Promise<InstanceStatus[]> {
  const labels = {
    ...(filter.appId === undefined ? {} : { [label.app]: filter.appId }),
    ...(filter.rolloutId === undefined ? {} : { [label.rollout]: filter.rolloutId }),
  };
  const found = await host.docker.listContainers({ all: true, filters: labelFilter(host, 'instance', labels) });
  const seen = await Promise.all(found.map(({ Id }) => unlessStatus([404], host.docker.getContainer(Id).inspect())));
  return seen.filter((info) => info !== undefined && info.State.Status !== 'removing').map((info) => toStatus(info!));
}

export function toStatus(info: Docker.ContainerInspectInfo): InstanceStatus {
  const of = (name: string) => info.Config.Labels[name] ?? '';
  const { State } = info;
  const state = stateOf(State);
  const isEnded = state === 'exited';
  return {
    appId: of(label.app),
    environmentId: of(label.environment),
    rolloutId: of(label.rollout),
    processType: of(label.process),
    releaseVersion: Number(of(label.release)),
    index: Number(of(label.index)),
    containerId: info.Id,
    state,
    address: Object.values(info.NetworkSettings.Networks).find((network) => network.IPAddress)?.IPAddress ?? null,
    startedAt: State.StartedAt.startsWith('0001-') ? null : State.StartedAt,
    exitCode: isEnded ? State.ExitCode : null,
    isOutOfMemory: isEnded && State.OOMKilled,
    memoryBytes: info.HostConfig.Memory ?? 0,
  };
}

function stateOf(state: Docker.ContainerInspectInfo['State']): InstanceStatus['state'] {
  if (state.Paused) return 'frozen';
  if (state.Running) return 'running';
  return state.Status === 'created' ? 'created' : 'exited';
}
