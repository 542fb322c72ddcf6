// biome-ignore-all lint/suspicious/noExplicitAny: answers are read as a client reads JSON
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, startTestApi, type TestApi } from './start-test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
}, 60_000);
afterAll(() => api?.stop());

describe('every request', () => {
  test('without a good token is answered 401', async () => {
    for (const token of [null, 'wrong']) {
      const { status, body } = await call<any>(api, token, 'GET', '/apps');
      expect([status, body]).toEqual([401, { id: 'unauthorized', message: 'Invalid credentials provided.' }]);
    }
    const basic = { authorization: `Basic ${Buffer.from(`:${api.admin.token}`).toString('base64')}` };
    expect((await call(api, null, 'GET', '/account', undefined, basic)).status).toBe(200);
  });

  test('to no route is told so, as JSON', async () => {
    const { status, body } = await api.ask('GET', '/nothing/here');
    expect([status, body.id]).toEqual([404, 'not_found']);
    expect(body.message).toContain('The requested API endpoint was not found');
  });

  test('with a body that is no JSON, or too large, is told so in a sentence', async () => {
    const send = (body: string) =>
      fetch(`${api.url}/apps`, {
        method: 'POST',
        headers: { authorization: `Bearer ${api.admin.token}`, 'content-type': 'application/json' },
        body,
      });
    expect((await send('{"name":')).status).toBe(400);
    const large = await send(JSON.stringify({ name: 'x'.repeat(2_000_000) }));
    expect([large.status, ((await large.json()) as any).id]).toEqual([413, 'bad_request']);
    expect((await send('')).status).toBe(201); // the CLI names JSON as the type of no body
  });

  test('carries an id', async () => {
    expect((await api.ask('GET', '/account')).headers.get('request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('of a browser at / goes to the dashboard; /health answers', async () => {
    const root = await call(api, null, 'GET', '/', undefined, { accept: 'text/html' });
    expect([root.status, root.headers.get('location')]).toEqual([302, 'http://dashboard.localhost:5000']);
    expect((await fetch(`${api.url}/health`)).status).toBe(200);
  });
});
