import type { RouteTable } from '@berth/router/route-table';
import { planSlots, type Stock } from '@berth/router/slots';
import type { RouteSource } from './route-source.js';

/** Lends a slot to each rollout that has none. Returns the table with the slots, and the stock it needs. */
export async function giveSlots(
  source: RouteSource,
  table: RouteTable,
  stock: Stock,
  busy: ReadonlySet<string>,
): Promise<{ table: RouteTable; stock: Stock }> {
  const plan = planSlots(table, stock, busy);
  const lent = new Map<string, string>();
  for (const one of plan.assign) if (await source.assignSlot(one)) lent.set(one.rolloutId, one.slot);
  const backends = table.backends.map((backend) => ({ ...backend, slot: lent.get(backend.rolloutId) ?? backend.slot }));
  return { table: { ...table, backends }, stock: plan.stock };
}
