import { createServer, type IncomingMessage, type Server } from 'node:http';
import { detourHeader } from '@berth/domain/tether-ports';
import { forwardRequest, type Target } from '@berth/tunnel/forward-request';
import { badGateway, forwardUpgrade } from '@berth/tunnel/forward-upgrade';
import type { OpenTethers } from './open-tethers.js';

/** Longer than the router keeps an idle connection: it would send a request into the end of one. */
const keptMs = 120_000;
const left = 'The machine that answered for this service has left: try again.';

/** Takes the router's requests for detours and sends each to the machine that answers; not listening yet. */
export function detourServer(tethers: OpenTethers): Server {
  const targetOf = ({ headers }: IncomingMessage): Target | undefined => {
    const agent = tethers.agentOf(String(headers[detourHeader]));
    return agent && { agent, without: [detourHeader], explain };
  };
  const server = createServer({ keepAliveTimeout: keptMs }, (request, answer) => {
    const target = targetOf(request);
    if (target) forwardRequest(request, answer, target);
    else answer.writeHead(503, { 'content-type': 'text/plain; charset=utf-8' }).end(`${left}\n`);
  });
  server.on('upgrade', (request, socket, head) => {
    const target = targetOf(request);
    if (target) forwardUpgrade(request, socket, head, target);
    else socket.on('error', () => socket.destroy()).end(badGateway(left, '503 Service Unavailable'));
  });
  return server;
}

const explain = (error: Error) => `Somebody’s machine answers for this service, and did not now: ${error.message}.`;
