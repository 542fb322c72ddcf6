import type { HostNames } from '@berth/domain/host-names';
import type { SubnetPool } from '@berth/domain/subnet-pool';
import type Docker from 'dockerode';
import type { HostFacts } from '../host-facts.js';

/** What every verb of the Docker implementation works with. */
export interface DockerHost {
  docker: Docker;
  names: HostNames;
  pool: SubnetPool;
  facts: HostFacts;
  settings: DockerSettings;
  note: Note;
  /** Resolves when the firewall table is known to be loaded; nothing starts on a bridge of ours before. */
  whenFirewalled: () => Promise<void>;
}

/** Diagnostics of the host process. */
export type Note = (message: string, fields?: Record<string, unknown>) => void;

export interface DockerSettings {
  dockerSocket: string;
  instance: string;
  subnetPool: string;
  /** Our registry as the daemon sees it, `127.0.0.1:<port>`. */
  registryPullHost: string;
  /** Bearer token to pull from a repository there; absent for a registry without sign-in. */
  pullToken?: ((repository: string) => Promise<string>) | undefined;
  /** Where images of production environments are pulled from. */
  production?: ProductionRegistry | undefined;
  /** Image with nft and tini for the container on the host's network. */
  platformImage: string;
  /** Directory of disk images, by the same path for the daemon's host and this process. */
  disksDirectory: string;
  /** CA bundle of the host (a path of the host), mounted in jails and instances. */
  caBundle: string;
  /** Where this process sees the host's cgroup file system. */
  cgroupRoot: string;
  /** Private ranges that each kind of network may reach all the same, CIDRs. */
  allowedPrivate: Record<'stable' | 'project' | 'build', readonly string[]>;
  /** Prepared jails that wait at the most. */
  sparesMax: number;
  /** Builds run in the CPU time that nothing else on the host wants. */
  buildsYield?: boolean;
  /** Called between the stop and the removal of an instance, so that its last lines are not lost. */
  beforeRemoval?: (containerId: string) => Promise<void>;
}

export interface ProductionRegistry {
  /** As the daemon sees it, with what stands before `app/…` in repository names there: `registry.example.com/team`. */
  pullHost: string;
  /** What the daemon signs in with (Engine API, X-Registry-Auth); undefined for a registry without sign-in. */
  authorizePull: (repository: string) => Promise<PullAuthorization | undefined>;
}

export type PullAuthorization = { registrytoken: string } | { username: string; password: string };

/** User and group id of everything that is not ours in a container. */
export const unprivilegedUser = '10001:10001';
export const caBundlePath = '/etc/ssl/certs/ca-certificates.crt';
