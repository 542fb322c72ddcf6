import type { Platform } from '@berth/platform/platform';
import { assignSlot } from '@berth/platform/routes/assign-slot';
import { freeSlot } from '@berth/platform/routes/free-slot';
import { readRouteTable } from '@berth/platform/routes/read-route-table';
import { reportApplied } from '@berth/platform/routes/report-applied';
import { reportServers } from '@berth/platform/routes/report-servers';
import { listDetours } from '@berth/platform/tethers/list-detours';
import type { RouteSource } from './route-source.js';

/** The rows that the releaser writes. */
export function platformSource(platform: Platform): RouteSource {
  return {
    readTable: async () => ({ ...(await readRouteTable(platform)), detours: await listDetours(platform) }),
    assignSlot: (lent) => assignSlot(platform, lent),
    freeSlot: (rolloutId) => freeSlot(platform, { rolloutId }),
    reportServers: (seen) => reportServers(platform, seen),
    reportApplied: (applied) => reportApplied(platform, applied),
  };
}
