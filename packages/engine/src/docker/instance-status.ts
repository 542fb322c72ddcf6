import type Docker from 'dockerode';
import type { GroupKey, InstanceStatus } from '../interface.js';
import { unlessStatus } from './docker-errors.js';
import type { DockerHost } from './docker-host.js';
import type { RunningImages } from './keep-layers.js';
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

/** Nothing changes in a container that the list would not show; all the same each is inspected again by then, ms. */
const inspectedForMs = 5 * 60_000;

/**
 * Lists instances by one call of the daemon: it inspects only those that the list shows otherwise than the last time (state, address,
 * exit code). Inspecting costs 0.2 ms of the daemon's CPU each, and the releaser looks at all of them each few seconds.
 */
export class InstanceList {
  readonly #host: DockerHost;
  readonly #known = new Map<string, { looks: string; status: InstanceStatus; at: number }>();
  #running: RunningImages;

  constructor(host: DockerHost) {
    this.#host = host;
  }

  /** All instances of this Berth, or of one app or rollout. One that is removed meanwhile is left out. */
  async read(filter: { appId?: string; rolloutId?: string } = {}): Promise<InstanceStatus[]> {
    const labels = {
      ...(filter.appId === undefined ? {} : { [label.app]: filter.appId }),
      ...(filter.rolloutId === undefined ? {} : { [label.rollout]: filter.rolloutId }),
    };
    const { docker } = this.#host;
    const found = await docker.listContainers({ all: true, filters: labelFilter(this.#host, 'instance', labels) });
    const seen = await Promise.all(found.map((one) => this.#statusOf(one)));
    if (filter.appId === undefined && filter.rolloutId === undefined) {
      this.#keepOnly(found);
      this.#running = runningImages(found);
    }
    return seen.filter((status) => status !== undefined);
  }

  async #statusOf(listed: Docker.ContainerInfo): Promise<InstanceStatus | undefined> {
    const looks = looksOfListed(listed);
    const known = this.#known.get(listed.Id);
    if (known?.looks === looks && performance.now() - known.at < inspectedForMs) return known.status;
    const info = await unlessStatus([404], this.#host.docker.getContainer(listed.Id).inspect());
    if (!info || info.State.Status === 'removing') return undefined;
    const status = toStatus(info);
    // What changed between the list and the inspection is not kept.
    if (looksOf(status) === looks) this.#known.set(listed.Id, { looks, status, at: performance.now() });
    return status;
  }

  #keepOnly(found: readonly Docker.ContainerInfo[]): void {
    const there = new Set(found.map(({ Id }) => Id));
    for (const id of this.#known.keys()) if (!there.has(id)) this.#known.delete(id);
  }

  /** By the last look at all instances. */
  get runningImages(): RunningImages {
    return this.#running;
  }
}

function runningImages(found: readonly Docker.ContainerInfo[]): RunningImages {
  const running = new Map<string, number>();
  for (const { State, ImageID } of found)
    if (State === 'running') running.set(ImageID, (running.get(ImageID) ?? 0) + 1);
  return running;
}

/** What of a container may change, as the list shows it. `Status` is a text: `Exited (137) 3 hours ago`. */
function looksOfListed({ State, Status, NetworkSettings }: Docker.ContainerInfo): string {
  const networks = Object.values(NetworkSettings?.Networks ?? {});
  const state = State === 'paused' ? 'frozen' : State === 'running' || State === 'created' ? State : 'exited';
  const exitCode = state === 'exited' ? /^Exited \((\d+)\)/.exec(Status)?.[1] : undefined;
  return looksOf({ state, exitCode, address: networks.find(({ IPAddress }) => IPAddress)?.IPAddress });
}

const looksOf = ({ state, address, exitCode }: { state: string; address?: unknown; exitCode?: unknown }): string =>
  `${state} ${address ?? ''} ${exitCode ?? ''}`;

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
    exitCode: isEnded ? State.ExitCode : null,
    isOutOfMemory: isEnded && State.OOMKilled,
    memoryBytes: info.HostConfig.Memory ?? 0,
    isHeld: of(label.held) === 'yes',
  };
}

function stateOf(state: Docker.ContainerInspectInfo['State']): InstanceStatus['state'] {
  if (state.Paused) return 'frozen';
  if (state.Running) return 'running';
  return state.Status === 'created' ? 'created' : 'exited';
}
