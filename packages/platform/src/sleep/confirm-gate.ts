import { type Platform, transaction } from '../platform.js';
import { closeGate } from './close-gate.js';

/** Asks the router whether still nothing is on its way to the app, now that it is frozen. */
export function confirmGate(platform: Platform, { appId }: { appId: string }): Promise<{ version: number }> {
  return transaction(platform, (tx, after) => closeGate(tx, after, appId));
}
