import { isSlot } from './slots.js';

/**
 * How a map's value says that an app may be asleep. Only requests to such apps are asked more than a prefix:
 * - `~w:any12:<app id>` asleep: the request waits at the wake gate; by its id, as the slot may be another app's by then
 * - `~s:any12` awake, but may fall asleep: bots' requests are told apart
 */
export const closedGate = (slot: string, appId: string): string => `~w:${slot}:${appId}`;
export const watchedGate = (slot: string): string => `~s:${slot}`;

/** The slot that a map's value leads to, at once or after a wake; undefined for answers without one. */
export function slotOf(value: string | undefined): string | undefined {
  const slot = value?.replace(/^~w:([^:]*):.*$/, '$1').replace(/^~s:/, '');
  return slot !== undefined && isSlot(slot) ? slot : undefined;
}

/** The slot to which requests go without waiting. */
export const openSlotOf = (value: string | undefined): string | undefined =>
  value?.startsWith('~w:') ? undefined : slotOf(value);
