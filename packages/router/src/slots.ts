import type { RouteTable, WantedBackend } from './route-table.js';

/**
 * HAProxy cannot make backends at run time, so its configuration holds a stock of empty ones, `any1…anyN` and
 * `strict1…strictN` by what counts as healthy. Every rollout borrows one (DESIGN section 6, health per app).
 */
export type SlotKind = 'any' | 'strict';

/** Backends per kind. */
export type Stock = Record<SlotKind, number>;

export const slotKinds: readonly SlotKind[] = ['any', 'strict'];

export const defaultStock: Stock = { any: 256, strict: 64 };

const pattern = /^(any|strict)([1-9]\d*)$/;

export function isSlot(name: string): boolean {
  return pattern.test(name);
}

export function slotNames(stock: Stock): string[] {
  return slotKinds.flatMap((kind) => Array.from({ length: stock[kind] }, (_, index) => `${kind}${index + 1}`));
}

export interface SlotPlan {
  assign: { rolloutId: string; slot: string }[];
  /** Larger than the stock given when that is used up: needs a reload. */
  stock: Stock;
}

/**
 * Gives each backend without a slot one that nobody has and that is empty in HAProxy (`busy` = slots with servers).
 * The slot that was free longest is taken first, so that late log lines of its last user are not taken for the new one's:
 * the search starts behind the highest slot given so far.
 */
export function planSlots(table: RouteTable, stock: Stock, busy: ReadonlySet<string>): SlotPlan {
  const taken = new Set([...busy, ...table.backends.flatMap(({ slot }) => slot ?? [])]);
  const grown = growFor(taken, stock);
  const assign: SlotPlan['assign'] = [];
  for (const backend of table.backends.filter(({ slot }) => slot === null)) {
    const slot = freeSlot(backend, taken, grown);
    taken.add(slot);
    assign.push({ rolloutId: backend.rolloutId, slot });
  }
  return { assign, stock: grown };
}

/** Takes the next free one; doubles the stock of that kind when there is none. */
function freeSlot(backend: WantedBackend, taken: ReadonlySet<string>, stock: Stock): string {
  const kind: SlotKind = backend.healthStrict ? 'strict' : 'any';
  const size = stock[kind];
  const start = highest(taken, kind);
  for (let step = 0; step < size; step++) {
    const slot = `${kind}${((start + step) % size) + 1}`;
    if (!taken.has(slot)) return slot;
  }
  stock[kind] = size * 2;
  return `${kind}${size + 1}`;
}

/** A stock that holds every slot in use, for a start with a larger one on record than in the settings. */
function growFor(taken: ReadonlySet<string>, stock: Stock): Stock {
  const grown = { ...stock };
  for (const kind of slotKinds) while (highest(taken, kind) > grown[kind]) grown[kind] *= 2;
  return grown;
}

function highest(taken: ReadonlySet<string>, kind: SlotKind): number {
  const numbers = [...taken].flatMap((slot) => {
    const [, of, number] = pattern.exec(slot) ?? [];
    return of === kind ? Number(number) : [];
  });
  return Math.max(0, ...numbers);
}
