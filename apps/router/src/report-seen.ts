import type { Plan } from '@berth/router/plan-changes';
import type { RouteTable, SeenServer, WantedServer } from '@berth/router/route-table';
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
 * A server that an old worker still has requests at is not drained; `hasUnknownWorkers` is asked before the first "drained":
 * nobody knows the requests of old workers that a controller before us left, so the releaser's grace decides then.
 */
export async function reportSeen(
  source: RouteSource,
  view: { table: RouteTable; plan: Plan; reported: Reported; openInOld: ReadonlyMap<string, number> },
  hasUnknownWorkers: () => Promise<boolean>,
): Promise<void> {
  const { table, plan, reported } = view;
  const isFirst = reported.servers.size === 0;
  const rows = new Map(table.backends.flatMap(({ servers }) => servers.map((row) => [row.instanceId, row])));
  const seen = plan.seen.map((now) => addOpen(now, view.openInOld.get(now.instanceId) ?? 0, rows.get(now.instanceId)));
  let changed = seen.filter((now) => {
    const last = reported.servers.get(now.instanceId) ?? rows.get(now.instanceId);
    if (!last || last.seen !== now.seen || last.lastCheck !== now.lastCheck) return true;
    return isFirst && last.openRequests !== now.openRequests;
  });
  if (changed.some(({ seen }) => seen === 'drained') && (await hasUnknownWorkers()))
    changed = changed.filter(({ seen }) => seen !== 'drained');
  const applied = plan.applied.filter(({ appId, version }) => reported.routes.get(appId) !== version);
  if (changed.length > 0) await source.reportServers(changed);
  if (applied.length > 0) await source.reportApplied(applied);
  for (const now of changed) reported.servers.set(now.instanceId, now);
  for (const { appId, version } of applied) reported.routes.set(appId, version);
}

function addOpen(now: SeenServer, open: number, row: WantedServer | undefined): SeenServer {
  if (open === 0) return now;
  const before = row && row.seen !== 'drained' ? row.seen : 'healthy';
  return { ...now, seen: now.seen === 'drained' ? before : now.seen, openRequests: now.openRequests + open };
}
