import type { EnvironmentKind, ServerSeen, ServerWanted, Sleep } from '@berth/db/generated/client';
import { sleepPolicyOf } from '@berth/domain/sleep-policy';
import type { Platform } from '../platform.js';

export interface TableEnvironment {
  id: string;
  name: string;
  teamId: string;
  /** Of a project environment: the stable one that answers for every service that it lacks. */
  baseId: string | null;
  /** CIDR; null until the engine has made the network. */
  subnet: string | null;
}

export interface TableRoute {
  appId: string;
  appName: string;
  environmentId: string;
  /** Full host names without port. */
  hosts: string[];
  /** Answers `http://<service>.internal` inside the environment. */
  service: string;
  maintenance: boolean;
  version: number;
  appliedVersion: number;
  rolloutId: string | null;
  /** It sleeps, or may fall asleep. */
  gate: 'closed' | 'watched' | undefined;
}

export interface TableServer {
  instanceId: string;
  address: string;
  port: number;
  wanted: ServerWanted;
  seen: ServerSeen;
  lastCheck: string | null;
  openRequests: number;
  /** `web.1` */
  name: string;
}

export interface TableBackend {
  appId: string;
  rolloutId: string;
  healthPath: string;
  healthStrict: boolean;
  slot: string | null;
  /** Its containers are gone: the controller empties the slot and frees it. */
  isRetired: boolean;
  isAsleep: boolean;
  servers: TableServer[];
}

export interface RouteTable {
  environments: TableEnvironment[];
  routes: TableRoute[];
  backends: TableBackend[];
}

/** Everything that HAProxy is to know, in one consistent read. A slot that is in no row is free. */
export async function readRouteTable(platform: Platform): Promise<RouteTable> {
  const { domain } = platform.addresses;
  const [environments, routes, backends] = await platform.db.$transaction(
    [
      platform.db.environment.findMany({
        where: { destroyedAt: null },
        select: { id: true, name: true, teamId: true, baseId: true, subnet: true },
        orderBy: { id: 'asc' },
      }),
      platform.db.route.findMany({
        where: { app: { destroyedAt: null } },
        include: {
          app: {
            select: {
              ...{ name: true, environmentId: true, sleep: true },
              environment: { select: { kind: true, sleep: true } },
            },
          },
        },
        orderBy: { appId: 'asc' },
      }),
      platform.db.routerBackend.findMany({
        include: {
          servers: {
            orderBy: { instanceId: 'asc' },
            include: { instance: { select: { processType: true, index: true } } },
          },
          rollout: { select: { appId: true, retiredAt: true, app: { select: { sleep: true } } } },
        },
        orderBy: { createdAt: 'asc' },
      }),
    ],
    { isolationLevel: 'RepeatableRead' },
  );
  return {
    environments,
    routes: routes.map(({ app, hosts, updatedAt: _updatedAt, lastRequestAt: _lastRequestAt, ...route }) => ({
      ...route,
      gate: gateOf(app, route.rolloutId),
      appName: app.name,
      environmentId: app.environmentId,
      hosts: hosts.map((host) => (host.includes('.') ? host : `${host}.${domain}`)),
    })),
    backends: backends.map(({ rolloutId, healthPath, healthStrict, slot, servers, rollout }) => ({
      rolloutId,
      appId: rollout.appId,
      healthPath,
      healthStrict,
      slot,
      isAsleep: isStill(rollout.app.sleep, rolloutId),
      isRetired: rollout.retiredAt !== null,
      servers: servers.map(({ rolloutId: _rolloutId, updatedAt: _updatedAt, instance, ...server }) => ({
        ...server,
        name: `${instance.processType}.${instance.index}`,
      })),
    })),
  };
}

interface Sleeping {
  sleep: Sleep | null;
  environment: { kind: EnvironmentKind; sleep: unknown };
}

/** Another rollout than the one that sleeps is awake: a deploy took its place. */
function gateOf({ sleep, environment }: Sleeping, rolloutId: string | null): TableRoute['gate'] {
  if (sleep && sleep.state !== 'awake' && sleep.rolloutId === rolloutId) return 'closed';
  return sleepPolicyOf(environment).afterMinutes !== null && !sleep?.isExempt ? 'watched' : undefined;
}

/** One that wakes by a start is checked. */
const isStill = (sleep: Sleep | null, rolloutId: string): boolean =>
  sleep !== null && sleep.rolloutId === rolloutId && sleep.state !== 'awake' && sleep.state !== 'waking';
