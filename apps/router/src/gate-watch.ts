import type { AppliedRoute, RouteTable } from '@berth/router/route-table';

/** A request that was on its way past the map when the gate closed has come to its backend by then, ms. */
const settlesMs = 10;

/**
 * The gate of an app counts as closed when nothing is on its way to it any more: whoever freezes waits for that. Each confirmation
 * rests on a look that began after the gate had been closed for a moment, and after the row was read that asks for it.
 */
export class GateWatch {
  readonly #closedSince = new Map<string, number>();

  /**
   * Of the routes that HAProxy has as wanted, those that may be reported.
   * @param lookedAt when the last look at their servers began
   * @param isQuiet whether no request was open then
   */
  confirm(
    applied: readonly AppliedRoute[],
    table: RouteTable,
    { lookedAt, isQuiet }: { lookedAt: number; isQuiet: (slot: string) => boolean },
  ): AppliedRoute[] {
    const closed = closedRoutes(table);
    for (const appId of this.#closedSince.keys()) if (!closed.has(appId)) this.#closedSince.delete(appId);
    return applied.filter(({ appId }) => {
      const slot = closed.get(appId);
      if (slot === undefined) return true;
      const since = this.#closedSince.get(appId) ?? performance.now();
      this.#closedSince.set(appId, since);
      return lookedAt - since >= settlesMs && (slot === null || isQuiet(slot));
    });
  }
}

/** Slots of the gates that somebody waits for to be closed: they are looked at in each turn. */
export function closingSlots(table: RouteTable): string[] {
  const waiting = new Set(
    table.routes.filter(({ version, appliedVersion }) => version > appliedVersion).map(({ appId }) => appId),
  );
  return [...closedRoutes(table)].flatMap(([appId, slot]) => (slot && waiting.has(appId) ? slot : []));
}

/** App → the slot of its rollout, null for one that nothing is routed to. */
function closedRoutes({ routes, backends }: RouteTable): Map<string, string | null> {
  const slots = new Map(backends.map(({ rolloutId, slot }) => [rolloutId, slot]));
  return new Map(
    routes
      .filter(({ gate }) => gate === 'closed')
      .map(({ appId, rolloutId }) => [appId, (rolloutId && slots.get(rolloutId)) || null]),
  );
}
