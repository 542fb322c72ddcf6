import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { addSshKey } from '@berth/platform/ssh-keys/add-ssh-key';
import { removeSshKey } from '@berth/platform/ssh-keys/remove-ssh-key';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { addApp, addPerson, type Clone, makeClone, openWorld, type World } from './open-world.js';

let world: World;
let ann: Awaited<ReturnType<typeof addPerson>>;
let app: Awaited<ReturnType<typeof addApp>>;
let clone: Clone;
let count = 0;
const polled = { timeout: 20_000 };
const run = promisify(execFile);

beforeAll(async () => {
  world = await openWorld();
  ann = await addPerson(world, 'ann');
  for (const [name, type] of [
    ['ann', 'ed25519'],
    ['annrsa', 'rsa'],
    ['bob', 'ed25519'],
    ['annold', 'ed25519'],
    ['stranger', 'ed25519'],
  ] as const)
    await run('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', name, '-f', join(world.dir, name)]);
  await register(ann, 'ann');
  await register(ann, 'annrsa');
  await register(await addPerson(world, 'bob'), 'bob');
});
afterAll(() => world?.close());

beforeEach(async () => {
  count += 1;
  app = await addApp(world, ann, `hello-${count}`);
  clone = await makeClone(world, `clone-${count}`);
});

async function register(actor: { userId: string }, key: string) {
  await addSshKey(world.platform, { actor, publicKey: await readFile(join(world.dir, `${key}.pub`), 'utf8') });
}

const sshOptions = (key: string) => [
  ...['-F', '/dev/null', '-i', join(world.dir, key), '-o', 'IdentitiesOnly=yes', '-o', 'BatchMode=yes'],
  ...['-o', `UserKnownHostsFile=${join(world.dir, 'known_hosts')}`, '-o', 'StrictHostKeyChecking=accept-new'],
];
const env = (key: string) => ({ GIT_SSH_COMMAND: ['ssh', ...sshOptions(key)].join(' '), GIT_SSH_VARIANT: 'ssh' });
const url = (name = app.name) => `ssh://git@127.0.0.1:${world.ports.ssh}/${name}.git`;
const push = (key: string, ...refspecs: string[]) => clone.git(['push', url(), ...refspecs], env(key));

test.each(['ann', 'annrsa'])('a push with a registered key is built and released (%s)', async (key) => {
  const commit = await clone.commit('by ssh');
  const { code, output } = await push(key, 'main');
  expect(output).toContain('remote: -----> Building by ssh');
  expect(output).toContain('Released v1');
  expect(code).toBe(0);
  expect((await clone.git(['ls-remote', url(), 'main'], env(key))).output).toContain(`${commit}\trefs/heads/main`);
  expect((await clone.git(['clone', '-q', url(`ann/${app.name}`), 'copy'], env(key))).code).toBe(0);
});

test('a failed build is refused with its sentence', async () => {
  await clone.commit('fail build');
  expect((await push('ann', 'main')).output).toContain('! [remote rejected] main -> main (The build script failed.)');
});

test('the connection may be cut: the build goes on and the branch is there when it is released', async () => {
  const commit = await clone.commit('hold');
  const client = spawn('git', ['push', url(), 'main'], {
    cwd: clone.dir,
    env: { ...clone.env, ...env('ann') },
    detached: true,
    stdio: 'ignore',
  });
  await world.deployer.hasStarted(commit);
  process.kill(-client.pid!, 'SIGKILL');
  await once(client, 'exit');
  world.deployer.release();
  await expect
    .poll(async () => (await clone.git(['ls-remote', url()], env('ann'))).output)
    .toContain(`${commit}\trefs/heads/main`);
});

test("another user's key does not find the app, a key that is not registered does not sign in", async () => {
  await clone.commit('x');
  expect((await push('bob', 'main')).output).toContain(`Couldn't find that app: ${app.name}.`);
  expect((await push('stranger', 'main')).output).toContain('Permission denied (publickey)');
});

test('a connection opens nothing any more once the key that opened it is removed', async () => {
  await clone.commit('x');
  expect((await push('ann', 'main')).code).toBe(0);
  await register(ann, 'annold');
  const control = join(world.dir, 'control');
  const to = [...sshOptions('annold'), '-S', control, '-p', String(world.ports.ssh), 'git@127.0.0.1'];
  const master = spawn('ssh', ['-M', '-N', ...to], { stdio: 'ignore' });
  try {
    await expect
      .poll(
        () =>
          run('ssh', ['-O', 'check', ...to]).then(
            () => true,
            () => false,
          ),
        polled,
      )
      .toBe(true);
    const read = () => {
      const reading = run('ssh', [...to, `git-upload-pack '${app.name}'`]);
      reading.child.stdin?.end();
      return reading.catch((error: { stderr: string }) => error);
    };
    expect((await read()).stderr).not.toContain('removed');
    await removeSshKey(world.platform, { actor: ann, key: 'annold' });
    expect((await read()).stderr).toContain('The SSH key that you signed in with was removed.');
  } finally {
    master.kill();
  }
});

test("asking whether another user's public key would do makes nobody that user", async () => {
  await copyFile(join(world.dir, 'ann.pub'), join(world.dir, 'found.pub')); // without the private one
  await clone.commit('x');
  const keys = ['ssh', ...sshOptions('found'), '-i', join(world.dir, 'bob')].join(' ');
  const asked = await clone.git(['push', url(), 'main'], { GIT_SSH_COMMAND: keys, GIT_SSH_VARIANT: 'ssh' });
  expect(asked.code).not.toBe(0);
  expect(asked.output).toContain("Couldn't find that app");
});

test('anything but git is answered with one sentence', async () => {
  for (const command of ['ls -la', 'git-upload-archive x', "git-receive-pack '../../etc'", '']) {
    const argv = [...sshOptions('ann'), '-p', String(world.ports.ssh), 'git@127.0.0.1', ...(command ? [command] : [])];
    const failure = await run('ssh', argv).catch((error: { code: number; stderr: string }) => error);
    expect('code' in failure && failure.code).toBeGreaterThan(0);
    expect(failure.stderr).toContain('Berth speaks git here');
  }
});

test('the host key stays the same after a restart and is readable by its owner only', async () => {
  const path = join(world.config.BERTH_GIT_DIR, 'ssh_host_ed25519_key');
  const before = await readFile(path, 'utf8');
  await world.restart();
  expect(await readFile(path, 'utf8')).toBe(before);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});
