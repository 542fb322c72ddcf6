// biome-ignore-all lint/suspicious/noExplicitAny: answers are read as a client reads JSON
import { berthJsonSchema } from '@berth/domain/berth-json-schema';
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

  test('for the schema of berth.yaml is answered to everybody', async () => {
    const answer = await fetch(`${api.url}/schemas/berth.json`);
    expect(answer.headers.get('content-type')).toMatch(/^application\/schema\+json/);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(await answer.json()).toEqual(berthJsonSchema());
  });

  test('for the package of Go apps is answered to everybody', async () => {
    const answer = await fetch(`${api.url}/propagation/berth.go`);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
    const text = await answer.text();
    expect(text).toMatch(/^\/\/ Package berth .*\n(\/\/ .*\n)+package berth\n/);
    for (const name of ['Handler', 'Transport', 'berthReadMark']) expect(text).toContain(`func ${name}(`);
  });

  test('for cron jobs is answered with their last run', async () => {
    const { body: app } = await api.ask<any>('POST', '/apps');
    const job = { appId: app.id, position: 1, schedule: '@daily', command: 'node nightly.js' };
    const at = new Date('2026-01-02T00:00:00Z');
    await api.platform.db.cronJob.create({ data: { ...job, nextAt: at } });
    const { schedule: _, ...run } = job;
    await api.platform.db.cronRun.create({
      data: {
        ...run,
        scheduledAt: at,
        status: 'failed',
        exitCode: 3,
        message: 'The command exited with code 3.',
        version: 7,
      },
    });
    const { status, body } = await api.ask<any>('GET', `/apps/${app.name}/cron`);
    expect([status, body]).toMatchObject([
      200,
      [
        {
          ...{ name: 'cron.1', schedule: '@daily', command: 'node nightly.js', size: null },
          next_run_at: at.toISOString(),
          last_run: { status: 'failed', exit_code: 3, release_version: 7, message: 'The command exited with code 3.' },
        },
      ],
    ]);
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
