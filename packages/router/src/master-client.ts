import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { TransientError } from '@berth/domain/errors';

/**
 * Asks HAProxy's master process to load the configuration anew. Listening sockets are handed over, so no connection is
 * refused; the old worker ends its requests. Returns when the new worker serves.
 * Throws TransientError when the master does not answer; an Error with HAProxy's words when it refuses the file: the old
 * worker goes on then. Source: management guide 9.4, `reload` (answers `Success=1` or `Success=0` and the log).
 */
export async function reload(masterSocket: string): Promise<void> {
  const answer = await ask(masterSocket, 'reload');
  if (!/^Success=1$/m.test(answer)) throw new Error(`HAProxy refused its configuration: ${answer.slice(0, 4000)}`);
}

/** Workers of earlier configurations that still end their requests. */
export async function countOldWorkers(masterSocket: string): Promise<number> {
  const answer = await ask(masterSocket, 'show proc');
  const [, old = ''] = answer.split('# old workers');
  return (old.split('\n# ')[0]?.match(/^\d+\s+worker\s/gm) ?? []).length;
}

/** One command per connection: the master keeps it open until we close our side. */
async function ask(masterSocket: string, command: string): Promise<string> {
  const socket = connect(masterSocket).setEncoding('utf8');
  socket.setTimeout(30_000, () => socket.destroy(new Error('no answer')));
  try {
    socket.end(`${command}\n`);
    return await text(socket);
  } catch (error) {
    throw new TransientError(`HAProxy's master at ${masterSocket} does not answer`, { cause: error });
  }
}
