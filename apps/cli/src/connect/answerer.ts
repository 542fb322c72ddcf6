import { createServer, type Server } from 'node:http';
import { forwardRequest, type Target } from '@berth/tunnel/forward-request';
import { forwardUpgrade } from '@berth/tunnel/forward-upgrade';

/**
 * Sends requests on to a port of this machine. It listens nowhere: connections are put into it, and stay open however soon the local
 * program closes its own.
 */
export function answerFrom(port: number): Server {
  const explain = (error: Error) => `berth connect: localhost:${port} did not answer: ${error.message}`;
  const target: Target = { host: 'localhost', port, agent: false, explain };
  const server = createServer({ keepAliveTimeout: 0 }, (request, answer) => forwardRequest(request, answer, target));
  return server.on('upgrade', (request, socket, head) => forwardUpgrade(request, socket, head, target));
}
