import type { IncomingMessage } from 'node:http';
import { type Duplex, pipeline } from 'node:stream';
import { endToEnd } from './end-to-end.js';
import { openRequest, type Target } from './forward-request.js';
import { NoRoom } from './no-room.js';

/** Sends a request for another protocol (WebSocket) on; once it is agreed to, the bytes go both ways till one side ends. */
export function forwardUpgrade(from: IncomingMessage, client: Duplex, head: Buffer, target: Target): void {
  const headers = ['Connection', 'Upgrade', 'Upgrade', from.headers.upgrade ?? ''];
  const sent = openRequest(from, target, [...endToEnd(from.rawHeaders, target), ...headers]);
  client.on('error', () => sent.destroy()).on('close', () => sent.destroy());
  sent.on('upgrade', (answer, upstream, first) => {
    client.write(headOf(answer, answer.rawHeaders));
    client.write(first);
    upstream.write(head);
    pipeline(upstream, client, () => {});
    pipeline(client, upstream, () => {});
  });
  sent.on('response', (answer) => {
    client.write(
      headOf(answer, [...endToEnd(answer.rawHeaders, { without: ['transfer-encoding'] }), 'Connection', 'close']),
    );
    pipeline(answer, client, () => {});
  });
  sent.on('error', (error) => {
    const status = error instanceof NoRoom ? '503 Service Unavailable' : undefined;
    if (!client.destroyed) client.end(badGateway(target.explain(error), status));
  });
  sent.end();
}

function headOf({ statusCode, statusMessage }: IncomingMessage, raw: readonly string[]): string {
  const lines = raw.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${raw[at + 1]}`] : []));
  return [`HTTP/1.1 ${statusCode} ${statusMessage}`, ...lines, '', ''].join('\r\n');
}

/** An answer on a raw connection, in plain text, after which it is closed. */
export function badGateway(message: string, status = '502 Bad Gateway'): string {
  const body = `${message}\n`;
  const head = [
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  return [`HTTP/1.1 ${status}`, ...head, '', body].join('\r\n');
}
