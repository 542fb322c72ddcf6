import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { connect as connectH2 } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { until } from '../../../packages/daemon/test/until.js';
import { startApp } from './app-server.js';
import { makeCertificates } from './make-certificates.js';
import { request } from './request.js';
import { startRouter } from './test-router.js';

let router: Awaited<ReturnType<typeof startRouter>>;
beforeAll(async () => {
  router = await startRouter({ timeouts: { firstByte: 1_000, idle: 2_000, tunnel: 60_000 } });
});
afterAll(() => router.stop());

const echo = () =>
  startApp('echo', {
    handle: (sent, response) => {
      if (sent.url !== '/headers') return false;
      response.end(JSON.stringify(sent.headers));
      return true;
    },
  });

test('the app is told who asks, and a forged address is replaced', async () => {
  const app = await echo();
  await router.deploy('echo', 'echo1', [app.port]);
  const headers = { 'x-forwarded-for': '6.6.6.6', 'x-forwarded-proto': 'https', 'x-request-id': 'short' };
  const seen = JSON.parse((await router.get('echo.localhost', { path: '/headers', headers })).text);
  expect(seen).toMatchObject({
    host: 'echo.localhost',
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-proto': 'http',
    'x-forwarded-port': String(router.settings.appsPort),
  });
  expect(seen['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  expect(Math.abs(Number(seen['x-request-start']) - Date.now())).toBeLessThan(5_000);
  const kept = { 'x-request-id': 'an-id-that-is-long-enough' };
  const again = JSON.parse((await router.get('echo.localhost', { path: '/headers', headers: kept })).text);
  expect(again['x-request-id']).toBe('an-id-that-is-long-enough');
  await app.kill();
});

test('bodies of any size are streamed both ways', async () => {
  const megabytes = 64;
  const app = await startApp('big', {
    handle: (sent, response) => {
      if (sent.method !== 'POST') return false;
      sent.pipe(response);
      return true;
    },
  });
  await router.deploy('big', 'big1', [app.port]);
  const block = randomBytes(1024 * 1024);
  const sentHash = createHash('sha256');
  const gotHash = createHash('sha256');
  let gotEarly = 0;
  await new Promise<void>((resolve, reject) => {
    const sent = httpRequest(
      { host: '127.0.0.1', port: router.settings.appsPort, method: 'POST', headers: { host: 'big.localhost' } },
      (response) => {
        response.on('data', (chunk: Buffer) => gotHash.update(chunk)).on('error', reject);
        response.on('end', resolve);
        response.once('data', () => {
          gotEarly = written;
        });
      },
    );
    let written = 0;
    sent.on('error', reject);
    const write = () => {
      while (written < megabytes) {
        written++;
        sentHash.update(block);
        if (!sent.write(block)) return sent.once('drain', write);
      }
      return sent.end();
    };
    write();
  });
  expect(gotHash.digest('hex')).toBe(sentHash.digest('hex'));
  expect(gotEarly).toBeLessThan(megabytes);
  await app.kill();
});

test('server-sent events come as they are sent, and a stream may be silent for longer than the first byte may take', async () => {
  const app = await startApp('events', {
    handle: (sent, response) => {
      if (sent.url !== '/events') return false;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: one\n\n');
      setTimeout(() => response.end('data: two\n\n'), 1_500);
      return true;
    },
  });
  await router.deploy('events', 'events1', [app.port]);
  const startedAt = performance.now();
  let firstAfter = 0;
  const text = await new Promise<string>((resolve, reject) => {
    const sent = httpRequest(
      { host: '127.0.0.1', port: router.settings.appsPort, path: '/events', headers: { host: 'events.localhost' } },
      (response) => {
        let all = '';
        response.setEncoding('utf8').on('data', (chunk) => {
          firstAfter ||= performance.now() - startedAt;
          all += chunk;
        });
        response.on('end', () => resolve(all)).on('error', reject);
      },
    );
    sent.on('error', reject).end();
  });
  expect(text).toBe('data: one\n\ndata: two\n\n');
  expect(firstAfter).toBeLessThan(500);
  await app.kill();
});

test('an app that does not begin to answer in time gets the 504 page', async () => {
  const app = await startApp('silent', { handle: (sent) => sent.url === '/never' });
  await router.deploy('silent', 'silent1', [app.port]);
  const answer = await router.get('silent.localhost', { path: '/never' });
  expect([answer.status, answer.text.includes('This app took too long')]).toEqual([504, true]);
  await app.kill();
});

test('certificates that come later open the TLS ports without a restart: HTTP/2 and HTTP/1.1', async () => {
  const app = await echo();
  await router.deploy('tls', 'tls1', [app.port]);
  await makeCertificates(router.settings.dir);
  const { appsTlsPort } = router.settings;
  const ask = () =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const session = connectH2(`https://127.0.0.1:${appsTlsPort}`, { rejectUnauthorized: false });
      session.on('error', reject);
      const stream = session.request({ ':path': '/headers', ':authority': 'tls.localhost' });
      let text = '';
      let status = 0;
      stream.on('response', (headers) => {
        status = Number(headers[':status']);
      });
      stream.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      stream.on('end', () => session.close(() => resolve({ status, text }))).on('error', reject);
    });
  const isOpen = async () => (await ask().catch(() => undefined))?.status === 200;
  await until('TLS is open', isOpen, 15_000);
  expect(JSON.parse((await ask()).text)).toMatchObject({ 'x-forwarded-proto': 'https', host: 'tls.localhost' });
  const many = await Promise.all(Array.from({ length: 20 }, ask));
  expect(many.every(({ status }) => status === 200)).toBe(true);
  await app.kill();
});

test('the platform’s port tells TLS from plain, and git, dashboard and API apart', async () => {
  const parts = await Promise.all(
    (['api', 'dashboard', 'gitHttp', 'gitSsh'] as const).map((part) =>
      startApp(part, { port: router.settings[part].port }),
    ),
  );
  onTestFinished(async () => void (await Promise.all(parts.map((part) => part.kill())))); // their ports are wanted again
  await makeCertificates(router.settings.dir);
  const { platformPort, sshPort } = router.settings;
  const at = async (host: string, path: string, headers = {}) =>
    (await request(platformPort, host, { path, headers })).text;
  expect(await at('localhost', '/apps')).toBe('api');
  expect(await at('localhost', '/team/shop.git/info/refs?service=git-receive-pack')).toBe('gitHttp');
  expect(await at('dashboard.localhost', '/shop.git')).toBe('gitHttp');
  expect(await at('localhost', '/api/v2/web.1')).toBe('gitHttp');
  expect(await at('dashboard.localhost', '/')).toBe('dashboard');
  expect(await at('dashboard.localhost', '/api/events')).toBe('api');
  expect(await at('anything.example', '/account')).toBe('api');
  expect(await at('localhost', '/', { accept: 'application/json' })).toBe('api');
  const page = await request(platformPort, 'localhost', { path: '/', headers: { accept: 'text/html,*/*' } });
  expect([page.status, page.headers.location]).toEqual([302, `http://dashboard.localhost:${platformPort}/`]);
  expect((await request(sshPort, 'ssh', {})).text).toBe('gitSsh');
  const tls = () =>
    promisify(execFile)('curl', ['-sk', '--max-time', '5', `https://127.0.0.1:${platformPort}/apps`]).then(
      ({ stdout }) => stdout,
      () => '',
    );
  await until('TLS is open', async () => (await tls()) === 'api', 15_000);
  expect(await at('localhost', '/apps')).toBe('api');
});

test('an image repository is found by the token that opens it, under the name that people give it', async () => {
  const { platformPort, registry, api } = router.settings;
  const seen = await startApp('registry', {
    port: registry.port,
    handle: (asked, response) => {
      response.setHeader('www-authenticate', 'Bearer realm="http://inside/registry/token",service="berth"');
      response.end(asked.url);
      return true;
    },
  });
  onTestFinished(() => seen.kill());
  const part = await startApp('api', { port: api.port });
  onTestFinished(() => part.kill());
  const digest = `sha256:${'a'.repeat(64)}`;
  const tokenOf = (berth: object) =>
    ['{"alg":"none"}', JSON.stringify({ berth }), ''].map((text) => Buffer.from(text).toString('base64url')).join('.');
  const at = async (path: string, berth?: object, method = 'GET') => {
    const headers: Record<string, string> = berth ? { authorization: `Bearer ${tokenOf(berth)}` } : {};
    return (await request(platformPort, 'registry.example:5000', { path, method, headers })).text;
  };
  const mine = { name: 'my-app', storage: 'pushed/0190-1' };
  expect(await at('/v2/')).toBe('/v2/');
  expect(await at('/v2/my-app/tags/list')).toBe('/v2/my-app/tags/list');
  expect(await at('/v2/my-app/tags/list', mine)).toBe('/v2/pushed/0190-1/tags/list');
  expect(await at(`/v2/my-app/blobs/${digest}?x=1`, mine)).toBe(`/v2/pushed/0190-1/blobs/${digest}?x=1`);
  expect(await at('/v2/my-app/manifests/latest', mine)).toBe('/v2/pushed/0190-1/manifests/latest');
  expect(await at('/v2/my-app/manifests/latest', { ...mine, latest: digest })).toBe(
    `/v2/pushed/0190-1/manifests/${digest}`,
  );
  expect(await at('/v2/my-app/manifests/v1', { ...mine, latest: digest })).toBe('/v2/pushed/0190-1/manifests/v1');
  expect(await at('/v2/my-app/web/manifests/v1', { ...mine, name: 'my-app/web' })).toBe(
    '/v2/pushed/0190-1/manifests/v1',
  );
  expect(await at('/v2/other/tags/list', mine)).toBe('/v2/other/tags/list');
  expect(await at('/v2/pushed/0190-1/blobs/uploads/u?_state=s', mine, 'PATCH')).toBe(
    '/v2/pushed/0190-1/blobs/uploads/u?_state=s',
  );
  expect(await at(`/v2/my-app/blobs/uploads/?mount=${digest}&from=other`, mine, 'POST')).toBe(
    '/v2/pushed/0190-1/blobs/uploads/',
  );
  expect(await at('/v2/my-app/tags/list', { ...mine, storage: 'x HTTP/1.1\r\nevil: 1\r\n' })).toBe(
    '/v2/my-app/tags/list',
  );
  const { headers } = await request(platformPort, 'registry.example:5000', { path: '/v2/' });
  expect(headers['www-authenticate']).toBe(
    'Bearer realm="http://registry.example:5000/registry/token",service="berth"',
  );
  const basic = { authorization: `Basic ${Buffer.from(':token').toString('base64')}` };
  expect(
    (await request(platformPort, 'localhost', { path: '/v2/my-app/web/manifests/latest', headers: basic })).text,
  ).toBe('api');
});

test('a restart of one of our own processes is waited for', async () => {
  const { port } = router.settings.api;
  const asking = request(router.settings.platformPort, 'localhost', { path: '/apps' });
  await sleep(600);
  const api = await startApp('api', { port });
  onTestFinished(() => api.kill());
  expect((await asking).text).toBe('api');
});
