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

export function slotFits(name: string, stock: Stock): boolean {
  const [, kind, number] = pattern.exec(name) ?? [];
  return Number(number) <= stock[kind as SlotKind];
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
 * Gives each backend without a slot the lowest one that nobody has and that is empty in HAProxy (`busy` = slots with servers).
 * The stock doubles when three quarters are in use: the reload that this needs comes before anybody waits for it.
 */
export function planSlots(table: RouteTable, stock: Stock, busy: ReadonlySet<string>): SlotPlan {
  const taken = new Set([...busy, ...table.backends.flatMap(({ slot }) => slot ?? [])]);
  const assign = table.backends.filter(({ slot }) => slot === null).map((backend) => giveSlot(backend, taken));
  return {
    assign,
    stock: Object.fromEntries(slotKinds.map((kind) => [kind, sizeFor(taken, kind, stock[kind])])) as Stock,
  };
}

function giveSlot({ rolloutId, healthStrict }: WantedBackend, taken: Set<string>): { rolloutId: string; slot: string } {
  const kind: SlotKind = healthStrict ? 'strict' : 'any';
  let number = 1;
  while (taken.has(`${kind}${number}`)) number++;
  const slot = `${kind}${number}`;
  taken.add(slot);
  return { rolloutId, slot };
}

function sizeFor(taken: ReadonlySet<string>, kind: SlotKind, size: number): number {
  const numbers = [...taken].flatMap((slot) => {
    const [, of, number] = pattern.exec(slot) ?? [];
    return of === kind ? Number(number) : [];
  });
  let wanted = size;
  while (numbers.length > wanted * 0.75 || Math.max(0, ...numbers) > wanted) wanted *= 2;
  return wanted;
}
