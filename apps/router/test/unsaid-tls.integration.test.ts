import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../../packages/daemon/test/until.js';
import { startApp } from './app-server.js';
import { makeCertificates } from './make-certificates.js';
import { startRouter } from './test-router.js';

let router: Awaited<ReturnType<typeof startRouter>>;
beforeAll(async () => {
  router = await startRouter();
});
afterAll(() => router.stop());

test('of TLS clients that name no protocol the platform’s port tells who attaches to a one-off from who speaks HTTP', async () => {
  const { platformPort, run } = router.settings;
  const api = await startApp('api', { port: router.settings.api.port, handle: answerScheme });
  await makeCertificates(router.settings.dir);
  const releaser = createServer((socket) => {
    socket.once('data', (line) => {
      socket.write(`seen ${line}`);
      socket.on('data', (more) => socket.end(more));
    });
  });
  await new Promise<void>((resolve) => releaser.listen(run.port, '127.0.0.1', resolve));
  const http = 'GET /apps HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n';
  await until('TLS is open', async () => (await speak(platformPort, [http]).catch(() => '')).includes('https'), 15_000);
  expect(await speak(platformPort, [http], ['http/1.1'])).toContain('https');
  expect(await speak(platformPort, ['berth-run-abc\r\n', 'and more'])).toBe('seen berth-run-abc\r\nand more');
  expect(await speak(platformPort, ['ber', 'th-run-abc\r\n', 'and more'])).toBe('seen berth-run-abc\r\nand more');
  await new Promise((resolve) => releaser.close(resolve));
  await api.kill();
});

function answerScheme(asked: IncomingMessage, response: ServerResponse): boolean {
  response.end(asked.headers['x-forwarded-proto']);
  return true;
}

/** Says one piece after the other, waiting a little in between, and hears until the other side ends. */
async function speak(port: number, pieces: string[], ALPNProtocols?: string[]): Promise<string> {
  const socket = connect({
    port,
    host: '127.0.0.1',
    rejectUnauthorized: false,
    ...(ALPNProtocols && { ALPNProtocols }),
  });
  socket.setTimeout(5_000, () => socket.destroy(new Error('nothing more was said')));
  let heard = '';
  const ended = (async () => {
    for await (const chunk of socket) heard += chunk;
  })();
  ended.catch(() => {});
  for (const piece of pieces) {
    socket.write(piece);
    await sleep(100);
  }
  await ended;
  return heard;
}
