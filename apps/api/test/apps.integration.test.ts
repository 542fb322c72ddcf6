// biome-ignore-all lint/suspicious/noExplicitAny: answers are read as a client reads JSON
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startTestApi, type TestApi } from './start-test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
}, 60_000);
afterAll(() => api?.stop());

describe('apps', () => {
  test('answer every field whose absence crashes the Heroku CLI', async () => {
    const { name, id } = await api.newApp('fields');
    const { body } = await api.ask('GET', `/apps/${name}`);
    expect(body).toMatchObject({
      id,
      name,
      create_status: 'complete',
      repo_size: null,
      slug_size: null,
      owner: { email: api.admin.email, id: expect.any(String) },
      region: { name: expect.any(String), id: expect.any(String) },
      stack: { name: 'berth-13' },
      build_stack: { name: 'berth-13' },
      git_url: 'https://localhost:5000/fields.git',
      web_url: 'http://fields.localhost:8080/',
      maintenance: false,
      team: { name: 'default' },
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
  });

  test('are found by name and id, listed, and made with a random name', async () => {
    const { name, id } = await api.newApp('by-id');
    expect((await api.ask('GET', `/apps/${id}`)).body.name).toBe(name);
    const made = await api.ask('POST', '/apps', {});
    expect(made.body.name).toMatch(/^[a-z]+-[a-z]+-\d+$/);
    for (const path of ['/apps', '/users/~/apps', '/teams/default/apps']) {
      const names = (await api.ask('GET', path)).body.map((app: { name: string }) => app.name);
      expect(names).toEqual(expect.arrayContaining([name, made.body.name]));
    }
  });

  test('refuse a taken and an impossible name with one sentence', async () => {
    await api.newApp('taken');
    const taken = await api.ask('POST', '/apps', { name: 'taken' });
    expect([taken.status, taken.body.id]).toEqual([409, 'conflict']);
    const wrong = await api.ask('POST', '/apps', { name: 'No Name' });
    expect([wrong.status, wrong.body.id]).toEqual([422, 'invalid_params']);
    expect(wrong.body.message).toMatch(/^Name must start with a letter.*\.$/);
  });

  test('are in maintenance when asked', async () => {
    const { name } = await api.newApp('maintained');
    expect((await api.ask('PATCH', `/apps/${name}`, { maintenance: true })).body.maintenance).toBe(true);
    expect((await api.ask('GET', `/apps/${name}`)).body.maintenance).toBe(true);
    expect((await api.ask('PATCH', `/apps/${name}`, { maintenance: 'yes' })).status).toBe(422);
  });

  test('are gone when destroyed', async () => {
    const { name } = await api.newApp('shortlived');
    expect((await api.ask('DELETE', `/apps/${name}`)).body.name).toBe(name);
    const gone = await api.ask('GET', `/apps/${name}`);
    expect([gone.status, gone.body.id, gone.body.resource]).toEqual([404, 'not_found', 'app']);
  });

  test('say what of Heroku they have none of', async () => {
    const { name } = await api.newApp('extras');
    for (const part of ['addons', 'features', 'buildpack-installations', 'sni-endpoints'])
      expect((await api.ask('GET', `/apps/${name}/${part}`)).body).toEqual([]);
    const exec = await api.ask('GET', `/apps/${name}/features/runtime-heroku-exec`);
    expect([exec.status, exec.body.message]).toEqual([422, expect.stringContaining(`ssh -p 2222 ${name}@localhost`)]);
    onTestFinished(() => {
      api.platform.addresses.execAddress = undefined;
    });
    api.platform.addresses.execAddress = '127.80.0.1';
    const on = expect.objectContaining({ name: 'runtime-heroku-exec', enabled: true });
    expect((await api.ask('GET', `/apps/${name}/features`)).body).toEqual([on]);
    expect((await api.ask('GET', `/apps/${name}/features/runtime-heroku-exec`)).body).toEqual(on);
    expect((await api.ask('GET', `/apps/${name}/features/preboot`)).status).toBe(404);
    const coupling = await api.ask('GET', `/apps/${name}/pipeline-couplings`);
    expect([coupling.status, coupling.body.id]).toEqual([404, 'not_found']);
    expect((await api.ask('GET', `/apps/${name}/collaborators`)).body[0].user.email).toBe(api.admin.email);
    expect((await api.ask('GET', `/apps/${name}/domains`)).body[0]).toMatchObject({
      hostname: `${name}.localhost`,
      kind: 'heroku',
    });
  });
});

describe('config vars', () => {
  test('are set, read and unset; each change makes a release', async () => {
    const { name } = await api.newApp('configured');
    expect((await api.ask('PATCH', `/apps/${name}/config-vars`, { A: '1', B: 'two words' })).body).toEqual({
      A: '1',
      B: 'two words',
    });
    expect((await api.ask('PATCH', `/apps/${name}/config-vars`, { A: null })).body).toEqual({ B: 'two words' });
    expect((await api.ask('GET', `/apps/${name}/config-vars`)).body).toEqual({ B: 'two words' });
    const releases = await api.ask('GET', `/apps/${name}/releases`, undefined, {
      range: 'version ..; order=desc,max=1',
    });
    expect(releases.body).toHaveLength(1);
    const config = await api.ask('GET', `/apps/${name}/releases/${releases.body[0].version}/config-vars`);
    expect(config.body).toEqual({ B: 'two words' });
  });

  test('may have the name of what every object has', async () => {
    const { name } = await api.newApp('inherited');
    const path = `/apps/${name}/config-vars`;
    expect((await api.ask('PATCH', path, { constructor: null })).body).toEqual({});
    expect((await api.ask('GET', `/apps/${name}/releases`)).body).toEqual([]);
    expect((await api.ask('PATCH', path, { constructor: 'x' })).body).toEqual({ constructor: 'x' });
  });

  test('together too large, or with a NUL, change nothing', async () => {
    const { name } = await api.newApp('oversized');
    const path = `/apps/${name}/config-vars`;
    await api.ask('PATCH', path, { A: '1' });
    expect((await api.ask('PATCH', path, { A: null, B: 'x'.repeat(64 * 1024) })).status).toBe(422);
    expect((await api.ask('PATCH', path, { A: '2', B: 'a\0b' })).status).toBe(422);
    expect((await api.ask('GET', path)).body).toEqual({ A: '1' });
  });

  test('refuse a value that is no text and a key that no shell takes', async () => {
    const { name } = await api.newApp('misconfigured');
    expect((await api.ask('PATCH', `/apps/${name}/config-vars`, { A: 1 })).status).toBe(422);
    expect((await api.ask('PATCH', `/apps/${name}/config-vars`, { '1A': 'x' })).status).toBe(422);
  });
});
