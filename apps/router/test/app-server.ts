import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface AppServer {
  port: number;
  /** Requests answered so far, health checks not counted. */
  count: number;
  checks: number;
  /** Every connection cut at once, as by a kill. */
  kill: () => Promise<void>;
}

/**
 * A small app on loopback: says its name, echoes WebSockets' bytes, and what `handle` adds. `port` 0 = any free one.
 */
export async function startApp(
  name: string,
  options: { port?: number; handle?: (request: IncomingMessage, response: ServerResponse) => boolean } = {},
): Promise<AppServer> {
  const sockets = new Set<Socket>();
  const app: AppServer = { port: 0, count: 0, checks: 0, kill: async () => {} };
  const server = createServer((request, response) => {
    if (request.headers['user-agent'] === 'berth-health') app.checks++;
    else app.count++;
    if (options.handle?.(request, response)) return;
    request.resume().on('end', () => response.end(name));
  });
  server.on('connection', (socket) => sockets.add(socket.on('close', () => sockets.delete(socket))));
  server.on('upgrade', (_request, socket) => {
    socket.on('error', () => {}).on('end', () => socket.end());
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n',
    );
    socket.on('data', (chunk) => socket.write(`${name}:${chunk}`));
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(options.port ?? 0, resolve));
  app.port = (server.address() as { port: number }).port;
  app.kill = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return app;
}
