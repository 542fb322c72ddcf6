import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { askApi, askApp } from './berth.js';
import { credentials } from './credentials.js';

// What `git push` promises, seen by the git client alone: nothing here knows how Berth is made.

const run = promisify(execFile);
const home = process.env.BERTH_HOME ?? '.berth';
const sshPort = readSshPort();
let folder: string;
let app: { name: string; web_url: string };
let count = 0;

function readSshPort(): string {
  const file = join(home, 'settings.json');
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).BERTH_SSH_PORT : undefined;
  return process.env.BERTH_SSH_PORT ?? kept ?? '2222';
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-e2e-push-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(async () => {
  count += 1;
  app = await askApi('POST', '/apps', { name: `push-${Date.now().toString(36)}-${count}` });
  await rm(folder, { recursive: true, force: true });
  await run('git', ['init', '--quiet', '--initial-branch=main', folder]);
});
afterEach(() => askApi('DELETE', `/apps/${app.name}`));

const env = {
  PATH: process.env.PATH,
  HOME: tmpdir(),
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_SSL_CAINFO: credentials.caFile,
  GIT_TERMINAL_PROMPT: '0',
  ...Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((who) => [
      [`GIT_${who}_NAME`, 'Test'],
      [`GIT_${who}_EMAIL`, 'test@example.com'],
    ]),
  ),
};

const remote = (password = credentials.token, name = app.name) => {
  const url = new URL(`${credentials.gitUrl}/${name}.git`);
  url.username = 'any';
  url.password = password;
  return url.href;
};

/** Runs git in the folder; never throws. */
async function git(argv: string[], more: NodeJS.ProcessEnv = {}): Promise<{ isOk: boolean; output: string }> {
  return run('git', argv, { cwd: folder, env: { ...env, ...more } }).then(
    ({ stdout, stderr }) => ({ isOk: true, output: stdout + stderr }),
    ({ stdout, stderr }) => ({ isOk: false, output: stdout + stderr }),
  );
}

const push = (...refspecs: string[]) => git(['push', remote(), ...refspecs]);
const refs = async () => (await git(['ls-remote', remote()])).output;

/** Commits an app that answers with `answer`; `build` is its build script. Returns the commit. */
async function commit(answer: string, build?: string): Promise<string> {
  const scripts = { start: 'node server.js', ...(build ? { build } : {}) };
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'pushed', private: true, scripts }));
  const server = `require('node:http').createServer((_, response) => response.end('${answer}')).listen(process.env.PORT);`;
  await writeFile(join(folder, 'server.js'), server);
  await git(['add', '--all']);
  await git(['commit', '--quiet', '--message', answer]);
  return (await git(['rev-parse', 'HEAD'])).output.trim();
}

/** Starts a push and resolves when `pattern` is printed; `kill` cuts it off, `ended` gives all that it printed. */
async function startPush(pattern: RegExp) {
  const child = spawn('git', ['push', remote(), 'main'], { cwd: folder, env, detached: true });
  let output = '';
  const ended = once(child, 'close').then(([code]) => ({ isOk: code === 0, output }));
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk;
      if (pattern.test(output)) resolve();
    });
    void ended.then(() => reject(new Error(`never printed ${pattern}:\n${output}`)));
  });
  return { ended, kill: () => process.kill(-child.pid!, 'SIGKILL') };
}

test('a push goes live, says its version and URL, and moves the branch', async () => {
  const sha = await commit('one');
  const { isOk, output } = await push('main');
  expect({ isOk, output }).toMatchObject({ isOk: true });
  expect(output).toMatch(/remote: +Released v\d+/);
  expect(output).toContain(`${app.web_url} deployed`);
  expect((await askApp(app.web_url)).body).toBe('one');
  expect(await refs()).toContain(`${sha}\trefs/heads/main`);
  expect((await push('main')).output).toContain('Everything up-to-date');
});

test('a build that fails refuses the push, shows where the log is, and the old release serves on', async () => {
  const good = await commit('good');
  await push('main');
  await commit('bad', 'echo building && exit 3');
  const { isOk, output } = await push('main');
  expect({ isOk, output }).toMatchObject({ isOk: false });
  expect(output).toContain('! [remote rejected] main -> main');
  expect(output).toContain(`Full log: ${credentials.dashboardUrl}/apps/${app.name}`);
  expect((await askApp(app.web_url)).body).toBe('good');
  expect(await refs()).toContain(`${good}\trefs/heads/main`);
});

test('another branch is stored, not built, and may be deleted; the deploy branch may be forced and not be deleted', async () => {
  await commit('first');
  await push('main');
  const stored = await push('main:feature', 'main:refs/tags/v1');
  expect(stored.output).toContain(`Branch feature is stored, not built: ${app.name} deploys from main.`);
  expect(await askApi('GET', `/apps/${app.name}/builds`)).toHaveLength(1);
  expect((await push(':feature')).isOk).toBe(true);
  await git(['commit', '--quiet', '--amend', '--allow-empty', '--message', 'amended']);
  const amended = (await git(['rev-parse', 'HEAD'])).output.trim();
  expect((await push('main')).output).toContain('non-fast-forward');
  expect(await push('+main')).toMatchObject({ isOk: true });
  expect((await push(':main')).output).toContain('deploy branch; it cannot be deleted');
  expect(await refs()).toContain(`${amended}\trefs/heads/main`);
});

test('a connection that is cut does not cancel the build', async () => {
  const sha = await commit('survived', 'echo the build runs && sleep 10');
  const client = await startPush(/the build runs/);
  client.kill();
  await client.ended;
  expect(await refs()).toBe('');
  await expect.poll(refs, { timeout: 120_000, interval: 500 }).toContain(`${sha}\trefs/heads/main`);
  expect((await askApp(app.web_url)).body).toBe('survived');
});

test('the newest of two pushes wins, and the loser is told which one did', async () => {
  await commit('loser', 'echo the build runs && sleep 60');
  const loser = await startPush(/the build runs/);
  const sha = await commit('winner');
  const winner = await push('main');
  expect(winner).toMatchObject({ isOk: true });
  expect((await loser.ended).output).toContain(`Superseded by the newer push of ${sha.slice(0, 8)}`);
  expect((await askApp(app.web_url)).body).toBe('winner');
});

test('SSH takes a registered key and nothing else', async () => {
  const keys = await mkdtemp(join(tmpdir(), 'berth-e2e-keys-'));
  const url = `ssh://git@localhost:${sshPort}/${app.name}.git`;
  const use = (key: string) => ({
    GIT_SSH_COMMAND: `ssh -F /dev/null -i ${join(keys, key)} -o IdentitiesOnly=yes -o BatchMode=yes -o StrictHostKeyChecking=accept-new -o UserKnownHostsFile=${join(keys, 'known_hosts')}`,
  });
  for (const key of ['mine', 'stranger'])
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', `e2e-${app.name}`, '-f', join(keys, key)]);
  const { id } = await askApi('POST', '/account/keys', { public_key: await readFile(join(keys, 'mine.pub'), 'utf8') });
  try {
    await commit('by ssh');
    expect((await git(['push', url, 'main'], use('stranger'))).output).toContain('Permission denied (publickey)');
    expect(await git(['push', url, 'main'], use('mine'))).toMatchObject({ isOk: true });
    expect((await askApp(app.web_url)).body).toBe('by ssh');
  } finally {
    await askApi('DELETE', `/account/keys/${id}`);
    await rm(keys, { recursive: true, force: true });
  }
});

test('what cannot be deployed is refused in one sentence', async () => {
  const sha = await commit('x');
  expect((await git(['push', remote('wrong'), 'main'])).output).toContain('This API token is not valid');
  const unknown = await git(['push', remote(credentials.token, 'no-such-app'), 'main']);
  expect(unknown.output).toContain("Couldn't find that app: no-such-app.");

  await git(['update-index', '--add', '--cacheinfo', `160000,${sha},vendor/lib`]);
  await git(['commit', '--quiet', '--message', 'submodule']);
  expect((await push('main')).output).toContain('(vendor/lib is a git submodule');

  await git(['reset', '--quiet', '--hard', sha]);
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12345\n`;
  await writeFile(join(folder, 'model.bin'), pointer);
  await git(['add', '--all']);
  await git(['commit', '--quiet', '--message', 'lfs']);
  expect((await push('main')).output).toContain('(model.bin is a Git LFS pointer');

  await git(['rm', '-r', '--quiet', '.']);
  await git(['commit', '--quiet', '--message', 'nothing']);
  expect((await push('main')).output).toContain('(This commit has no files');
  expect(await refs()).toBe('');
});
