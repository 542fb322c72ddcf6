import type { Duplex } from 'node:stream';
import { createWebSocketStream, type WebSocket } from 'ws';

/**
 * A WebSocket's bytes as a stream that Node's HTTP client takes for a socket: it asks for five more methods, which mean nothing
 * here. Its errors are its `close`: whoever uses it hears of that.
 */
export function streamSocket(socket: WebSocket): Duplex {
  const stream = createWebSocketStream(socket, { allowHalfOpen: false });
  stream.on('error', () => {});
  const ignored = () => stream;
  return Object.assign(stream, {
    setKeepAlive: ignored,
    setNoDelay: ignored,
    setTimeout: ignored,
    ref: ignored,
    unref: ignored,
    destroySoon: () => stream.destroy(),
  });
}
