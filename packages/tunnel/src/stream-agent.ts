import { Agent, type ClientRequestArgs } from 'node:http';
import type { Duplex } from 'node:stream';

/** Idle connections that are kept for the next request. */
const idleMax = 16;

/** Node's HTTP client over streams that `open` makes; one that is idle is used again. `close` ends them all. */
export function streamAgent(open: () => Promise<Duplex>): Agent {
  const agent = new Agent({ keepAlive: true, maxFreeSockets: idleMax });
  const createConnection = (_options: ClientRequestArgs, done: (error: Error | null, stream?: Duplex) => void) => {
    open().then((stream) => done(null, stream), done);
  };
  return Object.assign(agent, { createConnection });
}
