import { type Agent, type IncomingMessage, request, type ServerResponse, STATUS_CODES } from 'node:http';
import { pipeline } from 'node:stream';
import { endToEnd } from './end-to-end.js';
import { NoRoom } from './no-room.js';

/** Where a request goes on to. */
export interface Target {
  /** Who is asked: `localhost:3000`; only looked at by the agent. */
  host?: string;
  port?: number;
  agent: Agent | false;
  /** Of the Host header; else it stays as it is. */
  hostHeader?: string;
  /** Path and query, where they are not the request's own. */
  path?: string;
  /** Headers (in small letters) that are left out. */
  without?: readonly string[];
  /** The sentence for who asked, when there is no answer. */
  explain: (error: Error) => string;
}

/** Sends a request on and its answer back, both as they come. Without an answer: 502 in plain text, or 503 for {@link NoRoom}. */
export function forwardRequest(from: IncomingMessage, to: ServerResponse, target: Target): void {
  const sent = openRequest(from, target, endToEnd(from.rawHeaders, target));
  sent.on('response', (answer) => {
    try {
      to.writeHead(answer.statusCode ?? 502, answer.statusMessage, endToEnd(answer.rawHeaders));
    } catch (error) {
      sent.destroy(); // Node reads what it refuses to write (a status of 099): nobody's answer ends this process
      return answerFailure(to, target, error as Error);
    }
    pipeline(answer, to, () => {});
  });
  sent.on('upgrade', (_answer, socket) => {
    socket.destroy();
    answerFailure(to, target, new Error('it changed to a protocol that was not asked for'));
  });
  sent.on('error', (error) => answerFailure(to, target, error));
  to.on('close', () => sent.destroy());
  pipeline(from, sent, () => {});
}

export function openRequest(from: IncomingMessage, { host, port, agent, path }: Target, headers: string[]) {
  const where = { ...(host === undefined ? {} : { host }), ...(port === undefined ? {} : { port }) };
  // @types/node has no flat list here; Node takes it as it is, so repeated and oddly written names stay (documentation of http.request)
  const asIs = headers as unknown as Record<string, string>;
  return request({ ...where, agent, method: from.method, path: path ?? from.url, headers: asIs, setHost: false });
}

/** An answer that has begun is cut, so that nobody takes it for a whole one. */
function answerFailure(to: ServerResponse, { explain }: Target, error: Error): void {
  if (to.headersSent) return void to.destroy();
  const status = error instanceof NoRoom ? 503 : 502;
  to.writeHead(status, STATUS_CODES[status], {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
  });
  to.end(`${explain(error)}\n`);
}
