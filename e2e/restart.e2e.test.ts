import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askApi, askApp, openRepository, push } from './berth.js';
import { eventually } from './eventually.js';
import { closeDatabase, instance } from './kills/inside.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);
/** One of our scripts, as npm runs it: for the Berth that these tests run on. */
const script = (path: string) =>
  run(process.execPath, [join(root, path)], {
    ...{ cwd: root, maxBuffer: 64 * 1024 * 1024 },
    env: { ...process.env, BERTH_INSTANCE: instance },
  });

const start = () => script('scripts/up/main.mjs');

/** How deep each app sleeps when all is stopped; one is awake. */
const steps = ['frozen', 'pushed_out', 'stopped', undefined] as const;
const word = randomBytes(4).toString('hex');
const nameOf = (step: string | undefined) => `${(step ?? 'awake').replace('_', '-')}-${word}`;
const names = steps.map(nameOf);

beforeAll(async () => {
  const repository = await openRepository(join(root, 'examples', 'node-web'));
  for (const name of names) {
    await askApi('POST', '/apps', { name });
    const { code, output } = await push(repository.folder, name);
    if (code !== 0) throw new Error(output);
  }
  await repository.remove();
});
afterAll(async () => {
  for (const name of names) await askApi('DELETE', `/apps/${name}`).catch(() => {});
  await closeDatabase();
});

const answerOf = async (name: string) => (await askApp((await askApi('GET', `/apps/${name}`)).web_url)).status;
const stateOf = async (name: string): Promise<string> => (await askApi('GET', `/apps/${name}/sleep`)).state;

/** On a host without swap nothing is pushed out: then it is frozen. */
async function putToSleep(step: string): Promise<void> {
  const name = nameOf(step);
  if (step === 'stopped' && (await stateOf(name)) === step) return;
  await askApi('POST', `/apps/${name}/actions/sleep`, { step });
  const wanted = step === 'stopped' ? ['stopped'] : ['frozen', 'pushed_out'];
  await eventually(async () => wanted.includes(await stateOf(name)), true);
}

test('apps that sleep, at any step, and one that is awake are there again after npm run stop and npm start', async () => {
  await askApi('GET', '/apps').catch(start); // an earlier try may have left it stopped
  for (const step of steps) if (step) await putToSleep(step);
  await script('scripts/stop.mjs');
  await start();
  await eventually(() => answerOf(nameOf(undefined)), 200);
  for (const name of names) {
    await eventually(() => answerOf(name), 200);
    await eventually(() => stateOf(name), 'awake');
    // The very release that was there.
    expect(await askApi('GET', `/apps/${name}/builds`)).toHaveLength(1);
    expect(await askApi('GET', `/apps/${name}/releases`)).toHaveLength(1);
  }
}, 600_000);
