import type { RouteTable } from '@berth/router/route-table';
import type { LiveServers } from '@berth/router/server-line';
import type { ServerState } from '@berth/router/server-state';

/**
 * The servers that HAProxy may serve from by itself after a restart: those in rotation now; with no HAProxy to ask, those that
 * were healthy when it was last seen.
 */
export function liveServers(table: RouteTable, states: readonly ServerState[] | undefined): LiveServers {
  const inRotation = new Set(
    states
      ?.filter(({ admin, health }) => admin === 'ready' && health !== 'failing')
      .map(({ slot, name, address, port }) => `${slot}/${name} ${address}:${port}`),
  );
  return new Map(
    table.backends.flatMap(({ slot, servers }) => {
      if (!slot) return [];
      const live = servers
        .filter(({ wanted }) => wanted === 'ready')
        .filter(({ instanceId, address, port, seen }) =>
          states ? inRotation.has(`${slot}/${instanceId} ${address}:${port}`) : seen === 'healthy',
        )
        .map(({ instanceId, address, port }) => ({ name: instanceId, address, port }));
      return live.length > 0 ? [[slot, live] as const] : [];
    }),
  );
}
