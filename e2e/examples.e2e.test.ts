import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { askApi, askApp, openRepository, push } from './berth.js';

/** What an example's expect.json says: how the push ends, and what the app then answers. */
interface Expectation {
  push: 'ok' | 'rejected';
  /** Part of what the pusher is told. */
  message?: string;
  path?: string;
  status?: number;
  /** Part of the answer's body. */
  body?: string;
  /** Names of the process types, sorted. */
  processes?: string[];
  quantities?: Record<string, number>;
}

const examples = fileURLToPath(new URL('../examples/', import.meta.url));
const names = readdirSync(examples).filter((name) => existsSync(join(examples, name, 'expect.json')));
const run = Date.now().toString(36);

describe('every example does what its expect.json says', () => {
  it.concurrent.for(names)('%s', async (name) => {
    const expected: Expectation = JSON.parse(readFileSync(join(examples, name, 'expect.json'), 'utf8'));
    const app = await askApi('POST', '/apps', { name: `${name}-${run}`.slice(-30).replace(/^[^a-z]+/, '') });
    const repository = await openRepository(join(examples, name));
    try {
      const { code, output } = await push(repository.folder, app.name);
      if (expected.message) expect(output.replaceAll(/\s*\nremote:\s*/g, ' ')).toContain(expected.message);
      expect({ isOk: code === 0, output }).toEqual({ isOk: expected.push === 'ok', output });
      if (expected.push === 'ok') await checkApp(app, expected);
    } finally {
      await repository.remove();
      await askApi('DELETE', `/apps/${app.name}`);
    }
  });
});

async function checkApp(app: { name: string; web_url: string }, expected: Expectation) {
  if (expected.path) {
    const answer = await askApp(app.web_url, expected.path);
    expect(answer.status).toBe(expected.status ?? 200);
    expect(answer.body).toContain(expected.body ?? '');
  }
  const formation: { type: string; quantity: number }[] = await askApi('GET', `/apps/${app.name}/formation`);
  if (expected.processes) expect(formation.map(({ type }) => type).sort()).toEqual(expected.processes);
  for (const [type, quantity] of Object.entries(expected.quantities ?? {}))
    expect(formation.find((one) => one.type === type)).toMatchObject({ quantity });
}
