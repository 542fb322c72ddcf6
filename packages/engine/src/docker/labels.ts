import type { DockerHost } from './docker-host.js';

/** Labels are how things of ours are found; names are for people. */
export const label = {
  instance: 'berth.instance',
  kind: 'berth.kind',
  app: 'berth.app',
  environment: 'berth.environment',
  rollout: 'berth.rollout',
  process: 'berth.process',
  index: 'berth.index',
  /** Names of an instance's agents. */
  agents: 'berth.agents',
  release: 'berth.release',
  /** It is started once, and held after that. */
  held: 'berth.held',
  jail: 'berth.jail',
  key: 'berth.key',
  /** What the container of a Redis server or of a keeper was made by. */
  recipe: 'berth.recipe',
} as const;

export type Kind =
  | 'instance'
  | 'jail'
  | 'oneoff'
  | 'host-network'
  | 'keeper'
  | 'redis'
  | 'volume'
  | 'disk-reader'
  | 'environment-network'
  | 'build-network'
  | 'router-network'
  | 'disk';

export type Labels = Record<string, string>;

export function labelsOf(host: Pick<DockerHost, 'names'>, kind: Kind, more: Labels = {}): Labels {
  return { [label.instance]: host.names.instance, [label.kind]: kind, ...more };
}

/** Docker's filter for things of ours with these labels. */
export function labelFilter(host: Pick<DockerHost, 'names'>, kind: Kind, more: Labels = {}): { label: string[] } {
  return { label: Object.entries(labelsOf(host, kind, more)).map(([key, value]) => `${key}=${value}`) };
}
