import { closedGate, watchedGate } from './gate.js';
import type { RouteTable, WantedDetour, WantedEnvironment, WantedRoute } from './route-table.js';

/**
 * HAProxy's maps, which hold everything that changes with the apps:
 * - edge: host name → where
 * - hosts: host name → place, for requests with a signed token and for hosts of projects
 * - internal: `<environment id>/<service>.internal` → where
 * - subnets: network → place
 * - marks: `<id of the stable environment>/<name of a project environment upon it>` → place
 * - health: slot → path of the health check
 *
 * A "place" is `<environment id>:<id of its base, or its own>:<name>`, the name only of project environments. A mark is looked up
 * below the base of the caller's network, so that no claim leads out of it, least of all to another team.
 * "Where" is a slot, or a letter for what answers without one: `~m` maintenance page, `~e` nothing released yet, `~d:<id>` a detour;
 * gate.ts has those of apps that sleep.
 */
export type MapName = 'edge' | 'hosts' | 'internal' | 'subnets' | 'marks' | 'health';

export type RouterMaps = Record<MapName, ReadonlyMap<string, string>>;

export const mapNames: readonly MapName[] = ['edge', 'hosts', 'internal', 'subnets', 'marks', 'health'];

/** What the maps must hold for a table whose backends have their slots. */
export function mapContents(table: RouteTable): RouterMaps {
  const slots = new Map(table.backends.map(({ rolloutId, slot }) => [rolloutId, slot]));
  const edge = new Map<string, string>();
  const hosts = new Map<string, string>();
  const internal = new Map<string, string>();
  const { places, subnets, marks } = placesOf(table.environments);
  for (const route of table.routes) {
    const where = whereOf(route, slots);
    for (const host of route.hosts) {
      if (edge.has(host)) continue;
      edge.set(host.toLowerCase(), where);
      const place = places.get(route.environmentId);
      if (place) hosts.set(host.toLowerCase(), place);
    }
    internal.set(internalKey(route), where);
  }
  for (const detour of table.detours ?? []) {
    const { environmentId, service } = detour;
    for (const route of table.routes.filter((one) => one.environmentId === environmentId && one.service === service))
      for (const host of route.hosts) edge.set(host.toLowerCase(), detourOf(detour));
    internal.set(internalKey(detour), detourOf(detour));
  }
  const health = new Map(
    table.backends.flatMap(({ slot, healthPath }): [string, string][] => (slot ? [[slot, healthPath]] : [])),
  );
  return { edge, hosts, internal, subnets, marks, health };
}

function placesOf(environments: readonly WantedEnvironment[]) {
  const byId = new Map(environments.map((environment) => [environment.id, environment]));
  const places = new Map<string, string>();
  const subnets = new Map<string, string>();
  const marks = new Map<string, string>();
  for (const { id, name, teamId, baseId, subnet } of environments) {
    const base = byId.get(baseId ?? id);
    const isProject = base !== undefined && base.id !== id && base.teamId === teamId;
    const place = isProject ? `${id}:${base.id}:${name}` : `${id}:${id}`;
    places.set(id, place);
    if (subnet) subnets.set(subnet, place);
    if (isProject) marks.set(`${base.id}/${name}`, place);
  }
  return { places, subnets, marks };
}

function whereOf(route: WantedRoute, slots: ReadonlyMap<string, string | null>): string {
  if (route.maintenance) return '~m';
  const slot = route.rolloutId && slots.get(route.rolloutId);
  if (!slot) return '~e';
  if (route.gate === 'closed') return closedGate(slot, route.appId);
  return route.gate === 'watched' ? watchedGate(slot) : slot;
}

const detourOf = ({ id }: WantedDetour): string => `~d:${id}`;

export const isDetour = (where: string | undefined): boolean => where?.startsWith('~d:') ?? false;

export function internalKey(route: Pick<WantedRoute, 'environmentId' | 'service'>): string {
  return `${route.environmentId}/${route.service}.internal`;
}

/** A map's file, as HAProxy reads it at its start. Keys and values have no white space. */
export function renderMap(map: ReadonlyMap<string, string>): string {
  return [...map].map(([key, value]) => `${key} ${value}\n`).join('');
}

/** The answer of `show map`: one `<pointer> <key> <value>` per line. */
export function parseMap(answer: string): Map<string, string> {
  return new Map(
    answer.split('\n').flatMap((line): [string, string][] => {
      const [, key, value] = line.split(' ');
      return key && value !== undefined ? [[key, value]] : [];
    }),
  );
}
