import { setTimeout as sleep } from 'node:timers/promises';
import type { SFTPWrapper } from 'ssh2';

/** Written to the connection and not yet sent, bytes: above this its client does not read. */
const unsentMax = 1024 * 1024;
const lookEachMs = 10;

/** What ssh2 knows of an SFTP channel's way out; its types and its events tell nothing of it. */
export interface WayOut {
  /** What the client still takes, bytes; 0 too while anything waits in ssh2 for it. */
  outgoing: { window: number };
  _client: { _sock?: { writableLength: number } };
}

/** Resolves once the client has taken what it was answered, or the channel is over: ssh2 would keep everything in memory for it. */
export async function untilTaken(sftp: SFTPWrapper | WayOut, isOver: () => boolean): Promise<void> {
  const { outgoing, _client: client } = sftp as WayOut;
  while (!isOver() && (outgoing.window === 0 || (client._sock?.writableLength ?? 0) > unsentMax))
    await sleep(lookEachMs);
}
