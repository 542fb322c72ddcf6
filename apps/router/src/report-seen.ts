import type { Plan } from '@berth/router/plan-changes';
import type { RouteTable, SeenServer } from '@berth/router/route-table';
import type { RouteSource } from './route-source.js';

/** What was reported since the table was read, so that a look each 20 ms writes only what is new. */
export interface Reported {
  servers: Map<string, SeenServer>;
  routes: Map<string, number>;
}

export function nothingReported(): Reported {
  return { servers: new Map(), routes: new Map() };
}

/**
 * Writes what changed. A change of open requests alone waits for the next reading of the table (1 s).
 * `hasOldWorkers` is asked before the first "drained" of a server: after a reload the old worker's requests are not in the new
 * one's count, and a server that still answers them is not drained.
 */
export async function reportSeen(
  source: RouteSource,
  { table, plan, reported }: { table: RouteTable; plan: Plan; reported: Reported },
  hasOldWorkers: () => Promise<boolean>,
): Promise<void> {
  const isFirst = reported.servers.size === 0;
  const rows = new Map(table.backends.flatMap(({ servers }) => servers.map((row) => [row.instanceId, row])));
  let changed = plan.seen.filter((now) => {
    const last = reported.servers.get(now.instanceId) ?? rows.get(now.instanceId);
    if (!last || last.seen !== now.seen || last.lastCheck !== now.lastCheck) return true;
    return isFirst && last.openRequests !== now.openRequests;
  });
  if (changed.some(({ seen }) => seen === 'drained') && (await hasOldWorkers()))
    changed = changed.filter(({ seen }) => seen !== 'drained');
  const applied = plan.applied.filter(({ appId, version }) => reported.routes.get(appId) !== version);
  if (changed.length > 0) await source.reportServers(changed);
  if (applied.length > 0) await source.reportApplied(applied);
  for (const now of changed) reported.servers.set(now.instanceId, now);
  for (const { appId, version } of applied) reported.routes.set(appId, version);
}
