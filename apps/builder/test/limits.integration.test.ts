import { run } from '@berth/daemon/spawn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archiveOf, ended, newApp, openWorld, push, type World } from './open-world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld({
    BERTH_BUILD_MEMORY: '192',
    BERTH_BUILD_DISK: '96',
    BERTH_BUILD_PIDS: '96',
    BERTH_BUILD_CACHE: '64',
    BERTH_BUILD_TIMEOUT: '24', // builds get little of a machine on which all else is busy
    BERTH_BUILD_OUTPUT: '64',
  });
});
afterAll(() => world?.close());

/** Pushes an app whose build script is this program. */
async function pushBuild(program: string) {
  const app = await newApp(world);
  const archive = await archiveOf('node-build-fails', { 'build.js': program });
  return { app, buildId: await push(world, app, archive) };
}

const jails = async () =>
  (
    await run([
      'docker',
      'ps',
      '-aq',
      '--filter',
      `label=berth.instance=${world.instance}`,
      '--filter',
      'label=berth.kind=jail',
    ])
  ).stdout
    .toString()
    .trim();

describe('a build that goes over a limit fails with that reason', () => {
  it.each([
    [
      'memory',
      'build_out_of_memory',
      /was killed: needed more than 192 MiB/,
      'const a = []; for (;;) a.push(Buffer.alloc(1e6, 1))',
    ],
    [
      'disk',
      'build_out_of_disk',
      /disk is full/,
      `const fs = require('node:fs'); const f = fs.openSync('big', 'w'); for (;;) fs.writeSync(f, Buffer.alloc(1e6, 1));`,
    ],
    ['time', 'build_timeout', /took longer than 0.4 minutes/, 'setInterval(() => {}, 1000)'],
    [
      'processes',
      'build_fork_bomb',
      /went on starting processes beyond the build's limit/,
      `const { spawn } = require('node:child_process'); setInterval(() => { for (let n = 0; n < 50; n += 1) spawn('sleep', ['60']).on('error', () => {}); }, 10)`,
    ],
    ['output', 'build_output_limit', /printed more than 64 KiB/, `for (;;) console.log('x'.repeat(1000))`],
  ])('%s', async (_limit, code, message, program) => {
    const { buildId } = await pushBuild(program);
    const build = await ended(world, buildId);
    expect(build).toMatchObject({ status: 'failed', errorCode: code });
    expect(build.errorMessage).toMatch(message);
    await expect.poll(jails).toBe('');
  });
});

describe('a cancelled build', () => {
  it('ends at once with its whole process tree', async () => {
    const { cancelBuild } = await import('@berth/platform/builds/cancel-build');
    const { app, buildId } = await pushBuild(
      `require('node:child_process').spawn('sleep', ['300'], { detached: true }); setInterval(() => console.log('working'), 200)`,
    );
    await expect.poll(jails).not.toBe('');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await cancelBuild(world.platform, { actor: world.owner, app: app.id, build: buildId });
    const build = await ended(world, buildId);
    expect(build.status).toBe('cancelled');
    await expect.poll(jails).toBe('');
  });
});

describe('a source that cannot be built is refused by name', () => {
  it.each([
    [
      'submodules',
      { '.gitmodules': '[submodule "x"]\n\tpath = vendor/x\n\turl = ../x\n' },
      /git submodules \(vendor\/x\)/,
    ],
    [
      'LFS pointers',
      {
        '.gitattributes': '*.bin filter=lfs\n',
        'a.bin': `version https://git-lfs.example/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12345\n`,
      },
      /a\.bin is a Git LFS pointer/,
    ],
    [
      'no start script',
      { 'package.json': '{"scripts":{"test":"x"}}', 'server.js': undefined },
      /Nothing says how to start this app.*its scripts: test/,
    ],
    ['a manifest that is not JSON', { 'package.json': '{' }, /package\.json is not valid JSON/],
    [
      'two lockfiles',
      { 'package-lock.json': '{}', 'yarn.lock': '' },
      /more than one package manager: package-lock\.json, yarn\.lock/,
    ],
    [
      'an unknown Node.js',
      { 'package.json': '{"engines":{"node":"99"},"scripts":{"start":"x"}}' },
      /There is no Node\.js 99\./,
    ],
    ['a root that is not there', { 'berth.yaml': 'root: nowhere\n' }, /there is no directory nowhere/],
  ])('%s', async (_what, changes, message) => {
    const build = await ended(
      world,
      await push(world, await newApp(world), await archiveOf('node-build-fails', changes)),
    );
    expect(build.status).toBe('failed');
    expect(build.errorMessage).toMatch(message);
  });
});
