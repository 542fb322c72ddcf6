// biome-ignore-all lint/suspicious/noExplicitAny: answers are read as a client reads JSON
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedDeploy } from './seed-deploy.js';
import { addPerson, call, startTestApi, type TestApi } from './start-test-api.js';

let api: TestApi;
let path: string;
beforeAll(async () => {
  api = await startTestApi();
  const app = await api.newApp('runs');
  await seedDeploy(api.platform, { appId: app.id, userId: api.admin.userId, version: 1, commit: 'a'.repeat(40) });
  path = `/apps/${app.name}/dynos`;
}, 60_000);
afterAll(() => api?.stop());

const run = (body: object) => api.ask<any>('POST', path, body);
const names = async () => (await api.ask<any>('GET', path)).body.map(({ name }: { name: string }) => name);

describe('POST /apps/:app/dynos', () => {
  test('takes what Heroku’s CLI sends, and answers with where its input and output are', async () => {
    const env = { TERM: 'xterm', COLUMNS: 80, LINES: 24 };
    const { status, body } = await run({ attach: true, command: 'bash', env, size: undefined, type: undefined });
    expect([status, body]).toEqual([
      201,
      expect.objectContaining({
        ...{ command: 'bash', size: 'Standard-1X', state: 'starting', type: 'run' },
        name: expect.stringMatching(/^run\.\d{4}$/),
        release: { id: expect.any(String), version: 1 },
      }),
    ]);
    const { host } = new URL(api.url);
    expect(body.attach_url).toMatch(new RegExp(`^rendezvous://${host}/berth-run-[\\w-]{43}$`));
    const row = await api.platform.db.oneOff.findUniqueOrThrow({ where: { id: body.id } });
    expect(row).toMatchObject({ isAttached: true, hasTerminal: true, timeLimit: 86_400, tokenId: expect.any(String) });
    expect(JSON.parse(api.platform.secrets.open(row.env))).toEqual({ TERM: 'xterm', COLUMNS: '80', LINES: '24' });
    expect((await api.ask<any>('GET', `${path}/${body.name}`)).body).toMatchObject({ id: body.id, attach_url: null });
  });

  test('without attach has no address; force_no_tty and time_to_live count', async () => {
    const { body } = await run({ command: 'worker', type: 'worker', time_to_live: 60 });
    expect(body).toMatchObject({ attach_url: null, command: 'node worker.js', type: 'worker' });
    expect(await names()).toContain(body.name);
    expect((await api.ask('POST', `${path}/${body.name}/actions/stop`)).status).toBe(202);
    expect(await names()).not.toContain(body.name);
    const piped = await run({ command: 'cat', attach: true, force_no_tty: true });
    const row = await api.platform.db.oneOff.findUniqueOrThrow({ where: { id: piped.body.id } });
    expect(row).toMatchObject({ hasTerminal: false });
  });

  test('refuses nonsense with one sentence, and who may not', async () => {
    for (const [body, sentence] of [
      [{}, /^command: /],
      [{ command: ' ' }, /^command: /],
      [{ command: 'ls', env: { 'A-B': '1' } }, /^env/],
      [{ command: 'ls', size: 'huge' }, /Couldn't find that size: huge/],
      [{ command: 'ls', type: 'a b' }, /^type: must be like run or worker\.$/],
      [{ command: 'ls', time_to_live: 100_000 }, /^time_to_live: /],
    ] as const) {
      const { status, body: answer } = await run(body);
      expect([status, answer.message]).toEqual([422, expect.stringMatching(sentence)]);
    }
    const empty = await api.newApp('empty');
    expect((await api.ask('POST', `/apps/${empty.name}/dynos`, { command: 'ls' })).status).toBe(409);
    const viewer = await addPerson(api.platform, api.admin, { email: 'looks@example.com', role: 'viewer' });
    expect((await call(api, viewer.token, 'POST', path, { command: 'ls' })).status).toBe(403);
  });
});
