import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';

/**
 * What stands for the internal router: takes the PROXY line, and answers each request with who it was for and where it came from.
 * `/slow` begins an answer and never ends it; an upgrade is answered by an echo.
 */
export async function startFakeRouter() {
  const lines: string[] = [];
  const http = createHttpServer((request, answer) => {
    if (request.url === '/slow') return void answer.write('first part\n');
    answer.setHeader('x-line', lines.at(-1) ?? '');
    answer.end(`${request.method} ${request.headers.host}${request.url} ${request.headers['x-body'] ?? ''}`);
  });
  http.on('upgrade', (_request: IncomingMessage, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
    socket.pipe(socket);
  });
  const server = createServer((socket) => {
    socket.once('data', (first) => {
      const end = first.indexOf('\r\n') + 2;
      lines.push(first.subarray(0, end - 2).toString());
      socket.pause();
      if (end < first.length) socket.unshift(first.subarray(end));
      http.emit('connection', socket);
      socket.resume();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    /** PROXY lines of all connections. */
    lines,
    stop: () => {
      http.closeAllConnections();
      server.close();
    },
  };
}
