import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What one hop saw, outermost first. */
export interface Seen {
  app: string;
  baggage: string | undefined;
}

export interface ChainApp {
  port: number;
  stop: () => Promise<void>;
}

/**
 * A service at an address of its own that asks the next one by the internal router, from that address, and answers with what all
 * of them saw. `carries`: it hands the mark on, as our propagators do. An upgrade is answered with the baggage that came.
 */
export async function startChainApp(options: {
  app: string;
  address: string;
  routerPort: number;
  next?: string | undefined;
  carries: boolean;
}): Promise<ChainApp> {
  const { app, address, routerPort, next, carries } = options;
  const ask = (baggage: string | undefined): Promise<Seen[]> =>
    new Promise((resolve, reject) => {
      const headers = { host: `${next}.internal`, ...(carries && baggage ? { baggage } : {}) };
      const sent = httpRequest({ host: '127.0.0.1', port: routerPort, localAddress: address, headers }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        answer.on('end', () => {
          if (answer.statusCode === 200) resolve(JSON.parse(text));
          else reject(new Error(`${app} → ${next}: ${answer.statusCode}`));
        });
      });
      sent.on('error', reject).end();
    });
  const sockets = new Set<Socket>();
  const server = createServer(async (request, response) => {
    const baggage = request.headers.baggage as string | undefined;
    const isCheck = request.headers['user-agent'] === 'berth-health';
    try {
      const rest = next && !isCheck ? await ask(baggage) : [];
      response.end(JSON.stringify([{ app, baggage }, ...rest] satisfies Seen[]));
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  server.on('connection', (socket) => sockets.add(socket.on('close', () => sockets.delete(socket))));
  server.on('upgrade', (request, socket) =>
    socket.end(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nX-Seen: ${app} ${request.headers.baggage}\r\n\r\n`,
    ),
  );
  await once(server.listen(0, address), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
