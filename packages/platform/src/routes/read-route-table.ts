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

/** What the one statement gives, as JSON. */
interface Rows {
  environments: TableEnvironment[];
  routes: (Omit<TableRoute, 'gate'> & Sleeping)[];
  backends: (Omit<TableBackend, 'isAsleep'> & { sleep: SleepPlace | null; createdAt: string })[];
}

type SleepPlace = Pick<Sleep, 'state' | 'rolloutId' | 'isExempt'>;

/**
 * Everything that HAProxy is to know, in one consistent read. A slot that is in no row is free. One statement that makes JSON: for
 * 900 apps a tenth of the time that the same read takes by models, and it is read at each change.
 */
export async function readRouteTable({ db, addresses }: Platform): Promise<RouteTable> {
  const [rows] = await db.$queryRaw<Rows[]>`
    SELECT
      (SELECT coalesce(json_agg(e ORDER BY e."id"), '[]') FROM (
        SELECT "id", "name", "teamId", "baseId", "subnet" FROM "Environment" WHERE "destroyedAt" IS NULL) e) AS "environments",
      (SELECT coalesce(json_agg(r ORDER BY r."appId"), '[]') FROM (
        SELECT route."appId", app."name" AS "appName", app."environmentId", route."hosts", route."service", route."maintenance",
          route."version", route."appliedVersion", route."rolloutId",
          json_build_object('kind', environment."kind", 'sleep', environment."sleep") AS "environment",
          CASE WHEN sleep."appId" IS NOT NULL THEN
            json_build_object('state', sleep."state", 'rolloutId', sleep."rolloutId", 'isExempt', sleep."isExempt") END AS "sleep"
        FROM "Route" route JOIN "App" app ON app."id" = route."appId" AND app."destroyedAt" IS NULL
        JOIN "Environment" environment ON environment."id" = app."environmentId"
        LEFT JOIN "Sleep" sleep ON sleep."appId" = app."id") r) AS "routes",
      (SELECT coalesce(json_agg(b ORDER BY b."createdAt"), '[]') FROM (
        SELECT backend."rolloutId", backend."createdAt", rollout."appId", backend."healthPath", backend."healthStrict",
          backend."slot", rollout."retiredAt" IS NOT NULL AS "isRetired",
          CASE WHEN sleep."appId" IS NOT NULL THEN
            json_build_object('state', sleep."state", 'rolloutId', sleep."rolloutId", 'isExempt', sleep."isExempt") END AS "sleep",
          (SELECT coalesce(json_agg(s ORDER BY s."instanceId"), '[]') FROM (
            SELECT server."instanceId", server."address", server."port", server."wanted", server."seen", server."lastCheck",
              server."openRequests", instance."processType" || '.' || instance."index" AS "name"
            FROM "RouterServer" server JOIN "Instance" instance ON instance."id" = server."instanceId"
            WHERE server."rolloutId" = backend."rolloutId") s) AS "servers"
        FROM "RouterBackend" backend JOIN "Rollout" rollout ON rollout."id" = backend."rolloutId"
        LEFT JOIN "Sleep" sleep ON sleep."appId" = rollout."appId") b) AS "backends"`;
  const { environments, routes, backends } = rows!;
  return {
    environments,
    routes: routes.map(({ environment, sleep, hosts, ...route }) => ({
      ...route,
      gate: gateOf({ environment, sleep }, route.rolloutId),
      hosts: hosts.map((host) => (host.includes('.') ? host : `${host}.${addresses.domain}`)),
    })),
    backends: backends.map(({ sleep, createdAt: _createdAt, ...backend }) => ({
      ...backend,
      isAsleep: isStill(sleep, backend.rolloutId),
    })),
  };
}

interface Sleeping {
  sleep: SleepPlace | null;
  environment: { kind: EnvironmentKind; sleep: unknown };
}

/** Another rollout than the one that sleeps is awake: a deploy took its place. */
function gateOf({ sleep, environment }: Sleeping, rolloutId: string | null): TableRoute['gate'] {
  if (sleep && sleep.state !== 'awake' && sleep.rolloutId === rolloutId) return 'closed';
  return sleepPolicyOf(environment).afterMinutes !== null && !sleep?.isExempt ? 'watched' : undefined;
}

/** One that wakes by a start is checked. */
const isStill = (sleep: SleepPlace | null, rolloutId: string): boolean =>
  sleep !== null && sleep.rolloutId === rolloutId && sleep.state !== 'awake' && sleep.state !== 'waking';
