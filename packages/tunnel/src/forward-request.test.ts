import { once } from 'node:events';
import { createServer, get, type Server as HttpServer, request } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { forwardRequest } from './forward-request.js';
import { forwardUpgrade } from './forward-upgrade.js';
import { NoRoom } from './no-room.js';
import { streamAgent } from './stream-agent.js';

async function listen<T extends Server | HttpServer>(server: T): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** What a caller gets when whoever is asked says just this. */
async function answerTo(raw: string): Promise<{ status: number | undefined; body: string }> {
  const upstream = createTcpServer((socket) => socket.on('error', () => {}).once('data', () => socket.end(raw)));
  const target = { host: '127.0.0.1', port: await listen(upstream), agent: false, explain: () => 'no answer' } as const;
  const port = await listen(createServer((request, answer) => forwardRequest(request, answer, target)));
  const [answer] = await once(get({ host: '127.0.0.1', port, agent: false }), 'response');
  return { status: answer.statusCode, body: await text(answer) };
}

test('an answer goes on as it is', async () => {
  expect(await answerTo('HTTP/1.1 404 Gone Fishing\r\nContent-Length: 2\r\n\r\nno')).toEqual({
    status: 404,
    body: 'no',
  });
});

test.each([
  ['a status that is none', 'HTTP/1.1 099 x\r\nContent-Length: 0\r\n\r\n'],
  ['a control character in the status line', 'HTTP/1.1 200 a\u0001b\r\nContent-Length: 0\r\n\r\n'],
  ['another protocol', 'HTTP/1.1 101 S\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'],
  ['no HTTP', 'hello\r\n\r\n'],
  ['nothing', ''],
])('%s is a bad gateway', async (_what, raw) => {
  expect(await answerTo(raw)).toEqual({ status: 502, body: 'no answer\n' });
});

test('where there is no room for one more stream the answer is 503, also for another protocol', async () => {
  const agent = streamAgent(() => Promise.reject(new NoRoom('100 are open')));
  const target = { agent, explain: (error: Error) => error.message };
  const server = createServer((from, to) => forwardRequest(from, to, target));
  server.on('upgrade', (from, socket, head) => forwardUpgrade(from, socket, head, target));
  const to = { host: '127.0.0.1', port: await listen(server), agent: false } as const;
  for (const headers of [{}, { connection: 'Upgrade', upgrade: 'echo' }]) {
    const [answer] = await once(request({ ...to, headers }).end(), 'response');
    expect([answer.statusCode, await text(answer)]).toEqual([503, '100 are open\n']);
  }
});
