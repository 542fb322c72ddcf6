import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../packages/daemon/test/free-port.js';
import { askApi, askApp, openRepository, push } from './berth.js';
import { eventually } from './eventually.js';
import { type HerokuCli, openHerokuCli, type Ran, runCommand } from './heroku-cli.js';
import { tokenOfSomebody } from './somebody.js';

// `heroku run`, `heroku ps:exec` and its like of the unmodified CLI, in an app that is live.

const app = `run-${Math.random().toString(36).slice(2, 8)}`;
let heroku: HerokuCli;

beforeAll(async () => {
  heroku = await openHerokuCli();
  await askApi('POST', '/apps', { name: app });
  await askApi('PATCH', `/apps/${app}/config-vars`, { GREETING: 'hello' });
  const repository = await openRepository(fileURLToPath(new URL('../examples/node-web', import.meta.url)));
  const { code, output } = await push(repository.folder, app);
  await repository.remove();
  if (code !== 0) throw new Error(output);
});
afterAll(async () => {
  await askApi('DELETE', `/apps/${app}`).catch(() => {});
  await heroku?.remove();
});

/** `heroku run` with this stdin. */
function run(args: string[], stdin: string): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn('heroku', ['run', '--app', app, ...args], { env: heroku.env, cwd: heroku.home });
    const ran = { code: 1, stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      ran.stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      ran.stderr += chunk;
    });
    child.on('close', (code) => resolve({ ...ran, code: code ?? 1 }));
    child.stdin.end(stdin);
  });
}

const ps = async () => (await heroku.run('ps', '--app', app)).stdout;

test('heroku run prints what the command prints, in the environment of the app', async () => {
  const { stdout } = await heroku.run('run', '--app', app, '--', 'echo "$GREETING as $DYNO"; id -u');
  expect(stdout).toMatch(/^hello as run\.\d{4}\n10001\n$/);
});

test('--exit-code hands on how the command ended', async () => {
  const good = await heroku.run('run', '--exit-code', '--app', app, '--', 'echo fine');
  expect(good.stdout).toContain('fine');
  const bad = await heroku.fail('run', '--exit-code', '--app', app, '--', 'sh -c "exit 7"');
  expect(bad.code).toBe(7);
});

test('--no-tty pipes in and out, byte for byte', async () => {
  // One letter of two bytes, at the beginning: the CLI makes text of each chunk for itself, and breaks one that lies across two.
  const text = `ü\n${Array.from({ length: 20_000 }, (_, line) => `line ${line}`).join('\n')}`;
  const { code, stdout } = await run(['--no-tty', '--', 'cat'], `${text}\n`);
  expect(code).toBe(0);
  expect(stdout).toBe(`${text}\n`);
});

test('a shell takes what is typed, and --env and --size hold', async () => {
  const more = ['--env', 'EXTRA=and more', '--size', 'standard-2x'];
  const { stdout } = await run([...more, 'bash'], 'echo "=$EXTRA $MEMORY_AVAILABLE="\nexit\n');
  expect(stdout).toContain('=and more 1024=');
});

test('run:detached goes on alone: ps shows it, its output is in the log, ps:stop ends it', async () => {
  const command = 'echo begun; sleep 100';
  const { stdout } = await heroku.run('run:detached', '--app', app, '--', command);
  const name = /run\.\d{4}/.exec(stdout)?.[0] ?? '';
  expect(await eventually(ps, new RegExp(`${name} .*up`))).toContain('web.1');
  await eventually(
    async () => (await heroku.run('logs', '--app', app, '--dyno-name', name)).stdout,
    new RegExp(`app\\[${name}\\]: begun`),
  );
  await heroku.run('ps:stop', '--app', app, '--dyno-name', name);
  await eventually(ps, new RegExp(`^(?![\\s\\S]*${name})`));
});

test('a client that goes away takes its command along', async () => {
  const options = { env: heroku.env, cwd: heroku.home };
  const child = spawn('heroku', ['run', '--app', app, '--', 'sleep 100'], {
    ...options,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  await eventually(ps, /run\.\d{4} .*up/);
  child.kill('SIGKILL');
  await eventually(ps, /^(?![\s\S]*run\.)/);
});

test('who has no right to the app, or only looks, runs nothing in it', async () => {
  const stranger = { env: { ...heroku.env, HEROKU_API_KEY: 'berth_wrong' }, cwd: heroku.home };
  expect((await runCommand(['heroku', 'run', '--app', app, '--', 'ls'], stranger)).code).not.toBe(0);
  const viewer = { env: { ...heroku.env, HEROKU_API_KEY: await tokenOfSomebody('viewer') }, cwd: heroku.home };
  const { code, stderr } = await runCommand(['heroku', 'run', '--app', app, '--', 'ls'], viewer);
  expect(code).not.toBe(0);
  expect(stderr.replaceAll(/[›\s]+/g, ' ')).toContain('does not allow this');
});

/** `heroku ps:exec`; `typed` as soon as it has printed something. Its stdin stays open, at whose end the CLI fails by itself. */
function exec(args: string[], typed = '', env = heroku.env): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn('heroku', ['ps:exec', '--app', app, ...args], { env, cwd: heroku.home });
    const ran = { code: 1, stdout: '', stderr: '' };
    child.stdout.once('data', () => child.stdin.write(typed));
    child.stdout.on('data', (chunk) => {
      ran.stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      ran.stderr += chunk;
    });
    child.on('close', (code) => resolve({ ...ran, code: code ?? 1 }));
  });
}

test('ps:exec runs a command in the container of a process, and opens a shell there', async () => {
  const { stdout } = await exec(['--dyno', 'web.1', '--', 'echo "$GREETING in $DYNO"; id -u']);
  expect(stdout).toMatch(/^hello in web\.1\r?\n10001\r?\n/);
  const shell = await exec([], 'echo "=$GREETING from $DYNO="\nexit\n');
  expect(shell.stdout).toContain('=hello from web.1=');
  expect((await heroku.run('ps:exec', '--app', app, '--status')).stdout).toMatch(/web\.1 +up +running/);
});

test('ps:copy brings a file, byte for byte, and fails for one that is not there', async () => {
  const name = `copy-${Date.now()}`;
  const made = await exec(['--', `head -c 3000000 /dev/urandom > /tmp/${name}; sha256sum /tmp/${name}`]);
  await heroku.run('ps:copy', `/tmp/${name}`, '--app', app);
  const copied = createHash('sha256').update(await readFile(join(heroku.home, name)));
  expect(made.stdout).toContain(copied.digest('hex'));
  const { stderr } = await heroku.fail('ps:copy', '/tmp/none', '--app', app);
  expect(stderr).toContain('Could not connect to dyno!'); // all that the CLI says of it
});

test('ps:forward leads a local port to one of the process, again and again', async () => {
  const port = await freePort();
  const child = spawn('heroku', ['ps:forward', `${port}:8080`, '--app', app], { env: heroku.env, cwd: heroku.home });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  const { web_url: url } = await askApi('GET', `/apps/${app}`);
  const { body } = await askApp(url, '/');
  try {
    await eventually(async () => said, /Listening on/, 60_000);
    const ask = async () => (await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } })).text();
    for (let count = 0; count < 3; count += 1) expect(await ask()).toBe(body);
  } finally {
    child.kill('SIGKILL');
  }
});

test('ps:exec is refused beside what does not run, and to who only looks', async () => {
  const missing = await exec(['--dyno', 'web.7', '--', 'true']);
  expect(missing.code).not.toBe(0);
  expect(missing.stderr).toContain('Check if the dyno is running');
  const env = { ...heroku.env, HEROKU_API_KEY: await tokenOfSomebody('viewer') };
  const refused = await exec(['--', 'true'], '', env);
  expect(refused.code).not.toBe(0);
  expect(refused.stderr.replaceAll(/[›\s]+/g, ' ')).toContain('does not allow this');
});
