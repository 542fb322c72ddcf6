import { isSlot } from './slots.js';

/**
 * How a map's value says that an app may be asleep. Only requests to such apps are asked more than a prefix:
 * - `~w:any12` asleep: the request waits at the wake gate
 * - `~s:any12` awake, but may fall asleep: bots' requests are told apart
 */
export const closedGate = (slot: string): string => `~w:${slot}`;
export const watchedGate = (slot: string): string => `~s:${slot}`;

/** The slot that a map's value leads to, at once or after a wake; undefined for answers without one. */
export function slotOf(value: string | undefined): string | undefined {
  const slot = value?.replace(/^~[ws]:/, '');
  return slot !== undefined && isSlot(slot) ? slot : undefined;
}

/** Slots whose requests wait at the gate. */
export const closedSlots = (edge: ReadonlyMap<string, string>): Set<string> =>
  new Set([...edge.values()].flatMap((value) => (value.startsWith('~w:') ? value.slice(3) : [])));
