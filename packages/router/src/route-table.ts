/**
 * What the router is asked for, and what it answers: the rows of packages/platform/routes, without their database.
 * The releaser writes `wanted`, the controller writes `seen` and the applied version.
 */
export interface RouteTable {
  environments: readonly WantedEnvironment[];
  routes: readonly WantedRoute[];
  backends: readonly WantedBackend[];
  detours?: readonly WantedDetour[];
}

/** Calls to one service of a project environment that go to somebody's machine. */
export interface WantedDetour {
  id: string;
  environmentId: string;
  service: string;
  /** ms since the epoch: from then on it does not hold, unless the rows say otherwise by then. */
  leaseUntil: number;
}

/** A place where apps run. One without apps is here too: its network may already have a caller in it. */
export interface WantedEnvironment {
  id: string;
  name: string;
  teamId: string;
  /** Of a project environment: the stable one that answers for every service that it lacks. */
  baseId: string | null;
  /** CIDR of its network, null until the engine has made it: who calls from there belongs to it. */
  subnet: string | null;
}

/** Host names of one app → the rollout that answers. */
export interface WantedRoute {
  appId: string;
  environmentId: string;
  /** Host names without port. */
  hosts: readonly string[];
  /** Other apps of the environment call http://<service>.internal. */
  service: string;
  maintenance: boolean;
  version: number;
  appliedVersion: number;
  rolloutId: string | null;
  /** `closed`: it sleeps, requests wait at the wake gate; `watched`: it may fall asleep, so bots' requests are told apart. */
  gate?: 'closed' | 'watched' | undefined;
}

/** One rollout's place in HAProxy's stock of backends. */
export interface WantedBackend {
  rolloutId: string;
  appId: string;
  slot: string | null;
  healthPath: string;
  /** true: only 2xx is healthy; false: any answer below 500. */
  healthStrict: boolean;
  /** Its containers are gone: the slot is emptied and given back. */
  isRetired: boolean;
  /** Its instances stand still: they are not checked. */
  isAsleep?: boolean | undefined;
  servers: readonly WantedServer[];
}

export type ServerWanted = 'probe' | 'ready' | 'drain' | 'gone';
export type ServerSeen = 'unknown' | 'checking' | 'healthy' | 'failing' | 'drained' | 'gone';

export interface WantedServer {
  instanceId: string;
  /** `web.1` */
  name: string;
  address: string;
  port: number;
  wanted: ServerWanted;
  /** What was reported last. */
  seen: ServerSeen;
  lastCheck: string | null;
  openRequests: number;
}

/** What HAProxy says about one server, in our words. */
export interface SeenServer {
  instanceId: string;
  seen: ServerSeen;
  /** HAProxy's words for the last check, e.g. `L7STS/500` or `L4CON`; null before the first one. */
  lastCheck: string | null;
  openRequests: number;
}

export interface AppliedRoute {
  appId: string;
  version: number;
}
