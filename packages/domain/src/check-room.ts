import { UserError } from './errors.js';

/** Memory of the host, bytes. */
export interface Room {
  availableBytes: number;
  /** What is to stay free. */
  headroomBytes: number;
  /** What was accepted since the host was looked at, or starts only now, will take. */
  comingBytes: number;
  /** What comes back when it is short: of apps that may sleep, and of builds when they end. */
  spareBytes: number;
}

/**
 * Throws a UserError (`quota_exceeded`) that says what is missing, when an environment does not fit beside the headroom. What
 * is spare lends it the headroom, and no more: it comes back only while the environment starts.
 */
export function checkRoom(environment: string, needsBytes: number, room: Room): void {
  const kept = Math.max(0, room.headroomBytes - room.spareBytes);
  const left = room.availableBytes - room.comingBytes - kept;
  if (needsBytes <= left) return;
  throw new UserError(
    'quota_exceeded',
    `The host has too little memory for ${environment}: its services are expected to take ${mib(Math.ceil, needsBytes)}, and beside the ${mib(Math.ceil, room.headroomBytes)} that stay free ${mib(Math.floor, Math.max(0, left))} are left, also when all sleeps that may.`,
  );
}

const mib = (round: (mib: number) => number, bytes: number) => `${round(bytes / 1024 / 1024)} MiB`;
