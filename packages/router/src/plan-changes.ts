import { openSlotOf } from './gate.js';
import { internalKey, isDetour, type MapName, mapContents, mapNames, type RouterMaps } from './maps.js';
import { planServers } from './plan-servers.js';
import type { AppliedRoute, RouteTable, SeenServer, WantedRoute } from './route-table.js';
import type { ServerState } from './server-state.js';

/** What HAProxy holds. */
export interface RouterState {
  servers: readonly ServerState[];
  maps: RouterMaps;
  /** HAProxy, or its controller, started since the last look: what was healthy before is not made to prove it again. */
  isFresh: boolean;
}

/** One thing to tell HAProxy; command-line.ts has the words for it. */
export type Change =
  | { do: 'add'; slot: string; name: string; address: string; port: number }
  | { do: 'set'; slot: string; name: string; admin: 'ready' | 'drain' | 'maint' }
  | { do: 'check'; slot: string; name: string }
  /** No more checks, until it is awake again. */
  | { do: 'uncheck'; slot: string; name: string }
  | { do: 'cut'; slot: string; name: string }
  | { do: 'remove'; slot: string; name: string }
  | { do: 'put'; map: MapName; key: string; value: string; isNew: boolean }
  | { do: 'drop'; map: MapName; key: string };

export interface Plan {
  changes: Change[];
  /** What to report about servers: all of them, unchanged ones too. */
  seen: SeenServer[];
  /** Routes that HAProxy has as wanted, in a version that was not reported yet. */
  applied: AppliedRoute[];
  /** Slots with a server on its way from one state to another: to be looked at again soon. */
  moving: string[];
}

/**
 * Compares what is wanted with what HAProxy has. The order is the zero-loss switch: health paths, new servers, servers into
 * rotation, then the maps, and only then the old servers out. Called again until nothing is left to change.
 */
export function planChanges(table: RouteTable, state: RouterState): Plan {
  const servers = planServers(table.backends, state);
  const isHeld = holder(table, state);
  const held = new Set(table.routes.filter(isHeld).map(({ appId }) => appId));
  const wanted = holdRoutes(mapContents(table), table, held, state.maps);
  const maps = mapNames.map((name) => ({ name, changes: planMap(name, state.maps[name], wanted[name]) }));
  const of = (names: MapName[]) => maps.filter(({ name }) => names.includes(name)).flatMap(({ changes }) => changes);
  return {
    changes: [
      ...of(['health']),
      ...servers.bringIn,
      ...of(['subnets', 'marks', 'hosts', 'edge', 'internal']),
      ...servers.takeOut,
    ],
    seen: servers.seen,
    applied: table.routes
      .filter((route) => route.version > route.appliedVersion && !held.has(route.appId))
      .filter((route) => isApplied(route, wanted, state.maps))
      .map(({ appId, version }) => ({ appId, version })),
    moving: servers.moving,
  };
}

/** A route waits for the first of its new servers that are to serve: until then the old rollout goes on. */
function holder({ backends }: RouteTable, { servers, maps }: RouterState): (route: WantedRoute) => boolean {
  const backendOf = new Map(backends.map((backend) => [backend.rolloutId, backend]));
  const ready = new Set(servers.filter(({ admin }) => admin === 'ready').map(({ slot, name }) => `${slot}/${name}`));
  return ({ rolloutId, hosts }) => {
    const backend = rolloutId === null ? undefined : backendOf.get(rolloutId);
    const wanted = backend?.servers.filter((server) => server.wanted === 'ready') ?? [];
    if (!backend?.slot || wanted.length === 0) return false;
    const isThere = hosts.some((host) => openSlotOf(maps.edge.get(host)) === backend.slot);
    return !isThere && !wanted.some(({ instanceId }) => ready.has(`${backend.slot}/${instanceId}`));
  };
}

function holdRoutes(wanted: RouterMaps, table: RouteTable, held: ReadonlySet<string>, now: RouterMaps): RouterMaps {
  const edge = new Map(wanted.edge);
  const internal = new Map(wanted.internal);
  const keep = (map: Map<string, string>, key: string, value = '~e') => {
    if (!isDetour(map.get(key))) map.set(key, isDetour(value) ? '~e' : value); // never one that is over
  };
  for (const route of table.routes.filter(({ appId, maintenance }) => held.has(appId) && !maintenance)) {
    for (const host of route.hosts) keep(edge, host, now.edge.get(host));
    keep(internal, internalKey(route), now.internal.get(internalKey(route)));
  }
  return { ...wanted, edge, internal };
}

function planMap(map: MapName, now: ReadonlyMap<string, string>, wanted: ReadonlyMap<string, string>): Change[] {
  const puts = [...wanted].filter(([key, value]) => now.get(key) !== value);
  const drops = [...now.keys()].filter((key) => !wanted.has(key));
  return [
    ...puts.map(([key, value]): Change => ({ do: 'put', map, key, value, isNew: !now.has(key) })),
    ...drops.map((key): Change => ({ do: 'drop', map, key })),
  ];
}

function isApplied(route: WantedRoute, wanted: RouterMaps, now: RouterMaps): boolean {
  const key = internalKey(route);
  return (
    route.hosts.every((host) => now.edge.get(host) === wanted.edge.get(host)) &&
    now.internal.get(key) === wanted.internal.get(key)
  );
}
