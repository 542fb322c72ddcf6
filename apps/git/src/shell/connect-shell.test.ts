import { once } from 'node:events';
import { createServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { UserError } from '@berth/domain/errors';
import { expect, onTestFinished, test } from 'vitest';
import { connectShell } from './connect-shell.js';

const request = { tty: false, env: {}, columns: 0, lines: 0 };

/** What stands for the releaser: a shell that prints `here`, whose exit is answered by `exit`. */
async function startReleaser(exit: (stream: ServerHttp2Stream) => void): Promise<string> {
  const server = createServer();
  server.on('session', (session) => onTestFinished(() => session.destroy()));
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    if (headers[':path'] === '/exit') return exit(stream);
    stream.respond({ ':status': 200 });
    if (headers[':path'] === '/shell') stream.write('here\n');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('a shell that Berth ends rejects with the sentence why, after what it has printed', async () => {
  const message = 'Your shell was ended.';
  const url = await startReleaser((stream) => {
    stream.respond({ ':status': 400, 'content-type': 'application/json' });
    stream.end(JSON.stringify({ code: 'forbidden', message }));
  });
  const shell = await connectShell(url, 'ticket', request);
  expect(String((await once(shell.stream, 'data'))[0])).toBe('here\n');
  await expect(shell.exit).rejects.toEqual(new UserError('forbidden', message));
  shell.close();
});

test('one whose connection is lost rejects with no sentence for people', async () => {
  const url = await startReleaser((stream) => stream.session?.destroy());
  const shell = await connectShell(url, 'ticket', request);
  const lost = await shell.exit.catch((error: unknown) => error);
  expect(lost).toBeInstanceOf(Error);
  expect(lost).not.toBeInstanceOf(UserError);
  shell.close();
});
