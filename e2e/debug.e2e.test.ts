import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askApi, openRepository, push } from './berth.js';

// What somebody sees who pushes an app that crashes and wants to know why.

const run = promisify(execFile);
const home = process.env.BERTH_HOME ?? '.berth';
const sshPort = readSshPort();
const stamp = Date.now().toString(36);
let folder: string;
let app: { name: string; ssh_url: string };

function readSshPort(): string {
  const file = join(home, 'settings.json');
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).BERTH_SSH_PORT : undefined;
  return process.env.BERTH_SSH_PORT ?? kept ?? '2222';
}

const crash = `require('node:fs').writeFileSync('/tmp/state', 'half done');
console.log('about to fail');
setTimeout(() => { throw new Error('no database'); }, 500);`;
const works = `require('node:http').createServer((_, response) => response.end('fine')).listen(process.env.PORT);`;

async function pushed(server: string) {
  const source = await mkdtemp(join(tmpdir(), 'berth-e2e-debug-app-'));
  await writeFile(
    join(source, 'package.json'),
    JSON.stringify({ name: 'debugged', private: true, scripts: { start: 'node server.js' } }),
  );
  await writeFile(join(source, 'server.js'), server);
  const repository = await openRepository(source);
  const result = await push(repository.folder, app.name, '--force');
  await repository.remove();
  await rm(source, { recursive: true });
  return result;
}

/** Runs a command by ssh, as the admin; never throws. */
const ssh = (target: string, command: string) =>
  run('ssh', [
    ...['-F', '/dev/null', '-i', join(folder, 'key'), '-o', 'IdentitiesOnly=yes', '-o', 'BatchMode=yes', '-p', sshPort],
    ...[
      '-o',
      `UserKnownHostsFile=${join(folder, 'known')}`,
      '-o',
      'StrictHostKeyChecking=accept-new',
      '-o',
      'LogLevel=ERROR',
    ],
    ...[`${target}@127.0.0.1`, command],
  ]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code: code as number, stdout: stdout as string, stderr: stderr as string }),
  );

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-e2e-debug-'));
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'key')]);
  await askApi('POST', '/account/keys', { public_key: await readFile(join(folder, 'key.pub'), 'utf8') });
  const [first]: { name: string }[] = await askApi('GET', '/teams/default/environments');
  app = await askApi('POST', '/apps', { name: `debug-${stamp}`, environment: first?.name });
});
afterAll(async () => {
  await askApi('DELETE', `/apps/${app.name}`);
  await rm(folder, { recursive: true, force: true });
});

test('a shell beside a process: its user, its variables, its exit code', async () => {
  expect((await pushed(works)).code).toBe(0);
  expect(await ssh(app.name, 'id -u; echo "$DYNO"; exit 3')).toEqual({ code: 3, stdout: '10001\nweb.1\n', stderr: '' });
  const missing = await ssh(`${app.name}.worker.2`, 'true');
  expect(missing).toMatchObject({ code: 128, stderr: `${app.name} has no process worker.2 (heroku ps shows them).\n` });
});

test('without debug a crashing release is refused; with it, it takes over, is held, and what it wrote can be read', async () => {
  await askApi('PATCH', `/apps/${app.name}`, { debug: false });
  const refused = await pushed(crash);
  expect(refused.code).not.toBe(0);
  expect(await askApi('PATCH', `/apps/${app.name}`, { debug: true, debug_minutes: 60 })).toMatchObject({ debug: true });
  const { code, output } = await pushed(`${crash} //`);
  expect(output).toContain('Debug is on until');
  expect(output).toContain('no database');
  expect(output).toContain('web.1 is held as it is, since debug is on.');
  expect(code).toBe(0);
  await expect.poll(async () => (await ssh(app.name, 'cat /tmp/state')).stdout).toBe('half done');
  const dynos = await askApi('GET', `/apps/${app.name}/dynos`);
  const crashed = { name: 'web.1', state: 'crashed', message: expect.stringContaining('Exited with code 1') };
  expect(dynos).toContainEqual(expect.objectContaining(crashed));
});

test('a failed release is looked at beside the live one', async () => {
  const releases: { version: number; status: string }[] = await askApi('GET', `/apps/${app.name}/releases`);
  const failed = releases.find(({ status }) => status === 'failed');
  const instance = await askApi('POST', `/apps/${app.name}/releases/v${failed?.version}/debug`, { minutes: 5 });
  expect(instance.name).toMatch(/^debug\.\d{4}$/);
  const read = async () =>
    (await ssh(`${app.name}.${instance.name}`, 'cat /tmp/state; echo $HEROKU_RELEASE_VERSION')).stdout;
  await expect.poll(read, { timeout: 120_000, interval: 1_000 }).toBe(`half donev${failed?.version}\n`);
  await askApi('POST', `/apps/${app.name}/dynos/${instance.name}/actions/stop`);
});

test('when its time is over debug is off, and nothing is held any more', async () => {
  await askApi('PATCH', `/apps/${app.name}`, { debug: true, debug_minutes: 1 });
  await expect
    .poll(async () => (await askApi('GET', `/apps/${app.name}`)).debug, { timeout: 120_000, interval: 1_000 })
    .toBe(false);
  expect((await pushed(works)).code).toBe(0);
  expect((await ssh(app.name, 'cat /tmp/state')).code).toBe(1);
});
