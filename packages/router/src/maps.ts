import type { RouteTable, WantedRoute } from './route-table.js';

/**
 * HAProxy's maps, which hold everything that changes with the apps:
 * - edge: host name → where
 * - internal: `<environment id>/<service>.internal` → where
 * - subnets: network → environment id
 * - health: slot → path of the health check
 *
 * "Where" is a slot, or a letter for what answers without one: `~m` maintenance page, `~e` nothing released yet.
 */
export type MapName = 'edge' | 'internal' | 'subnets' | 'health';

export type RouterMaps = Record<MapName, ReadonlyMap<string, string>>;

export const mapNames: readonly MapName[] = ['edge', 'internal', 'subnets', 'health'];

/** What the maps must hold for a table whose backends have their slots. */
export function mapContents(table: RouteTable): RouterMaps {
  const slots = new Map(table.backends.map(({ rolloutId, slot }) => [rolloutId, slot]));
  const edge = new Map<string, string>();
  const internal = new Map<string, string>();
  const subnets = new Map<string, string>();
  for (const route of table.routes) {
    const where = whereOf(route, slots);
    for (const host of route.hosts) if (!edge.has(host)) edge.set(host.toLowerCase(), where);
    internal.set(internalKey(route), where);
    if (route.environmentSubnet) subnets.set(route.environmentSubnet, route.environmentId);
  }
  const health = new Map(
    table.backends.flatMap(({ slot, healthPath }): [string, string][] => (slot ? [[slot, healthPath]] : [])),
  );
  return { edge, internal, subnets, health };
}

function whereOf(route: WantedRoute, slots: ReadonlyMap<string, string | null>): string {
  if (route.maintenance) return '~m';
  return (route.rolloutId && slots.get(route.rolloutId)) || '~e';
}

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
