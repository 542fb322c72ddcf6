import { once } from 'node:events';
import { connect } from 'node:net';

/** A WebSocket's bytes, without its frames: what the router sees of one. */
export async function openTunnel(port: number, host: string) {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  socket.on('error', () => {});
  let text = '';
  let isClosed = false;
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('close', () => {
    isClosed = true;
  });
  await once(socket, 'connect');
  socket.write(
    `GET /ws HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  );
  while (!text.includes('\r\n\r\n')) await once(socket, 'data');
  const status = Number(text.split(' ')[1]);
  return {
    status,
    get isClosed() {
      return isClosed;
    },
    /** Sends and returns the echo. */
    say: async (word: string) => {
      text = '';
      socket.write(word);
      while (!text.includes(word)) await once(socket, 'data', { signal: AbortSignal.timeout(5_000) });
      return text;
    },
    close: () => socket.destroy(),
  };
}
