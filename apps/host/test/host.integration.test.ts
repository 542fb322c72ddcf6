import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '@berth/daemon/spawn';
import { TransientError } from '@berth/domain/errors';
import { readLines } from '@berth/logs/log-stream';
import { Redis } from 'ioredis';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { needed } from '../../../packages/daemon/test/needed.js';
import { until } from '../../../packages/daemon/test/until.js';
import { listOf, startHost, type TestHost } from './start-host.js';

const MiB = 1024 * 1024;
const never = new AbortController().signal;
const limits = { memoryBytes: 256 * MiB, cpuShares: 102, pidsMax: 256, diskBytes: 64 * MiB, cacheBytes: 64 * MiB };

describe('the host process', () => {
  let host: TestHost;
  let redis: Redis;
  beforeAll(async () => {
    host = await startHost();
    redis = new Redis(needed('TEST_REDIS_URL'));
    await host.release.pullImage(host.image);
    await host.release.ensureNetwork({ environmentId: 'env', kind: 'stable' });
  });
  afterAll(async () => {
    await redis?.del(`berth:${host.instance}:log:app`, `berth:${host.instance}:log-place`);
    redis?.disconnect();
    await host?.close();
  });

  const jail = (buildId: string) => ({ buildId, appId: 'app', image: host.image, limits });
  const group = (rolloutId: string, command: string) => ({
    appId: 'app',
    appName: 'shop',
    environmentId: 'env',
    rolloutId,
    releaseVersion: 1,
    processType: 'web',
    image: host.image,
    command,
    env: {},
    memoryBytes: 64 * MiB,
    cpuShares: 512,
    pidsMax: 64,
  });
  const nothingOfBuilds = async () => {
    expect(await listOf(host.instance, 'container', 'jail')).toEqual([]);
    expect(await listOf(host.instance, 'network', 'build-network')).toEqual([]);
    expect(await listOf(host.instance, 'volume')).toEqual([]);
    expect(await readdir(join(host.directory, 'disks/jails')).catch(() => [])).toEqual([]);
    expect((await run(['losetup', '-a'])).stdout.toString()).not.toContain(host.directory);
  };

  it('gives each verb over its socket: a build, with its archive in and out', async () => {
    const { jailId } = await host.build.openJail(jail('wire'));
    const tar = pack();
    tar.entry({ name: 'hello', mode: 0o755 }, '#!/bin/sh\necho "hello $NAME"; exit 4\n');
    tar.finalize();
    await host.build.putArchive(jailId, '/workspace', tar as never);
    let output = '';
    const command = { argv: ['./hello'] as [string, ...string[]], env: { NAME: 'jail' }, cwd: '/workspace' };
    const result = await host.build.exec(
      jailId,
      command,
      (chunk) => {
        output += chunk;
      },
      never,
    );
    expect(output).toBe('hello jail\n');
    expect(result).toMatchObject({ exitCode: 4, isOutOfMemory: false, isDiskFull: false });
    const bytes = Buffer.concat(await (await host.build.getArchive(jailId, '/workspace')).toArray());
    expect(bytes.includes('./hello')).toBe(true);
    expect(await host.build.listJails()).toEqual([{ jailId, buildId: 'wire' }]);
    await host.build.closeJail(jailId);
    await expect(host.build.exec(jailId, command, () => {}, never)).rejects.toThrow(TransientError);
  });

  it('kills what a caller started when the caller goes away', async () => {
    const { jailId } = await host.build.openJail(jail('gone'));
    const caller = new AbortController();
    const command = {
      argv: ['sh', '-c', 'echo up; trap "" TERM; sleep 1000'] as [string, ...string[]],
      env: {},
      cwd: '/',
    };
    await expect(
      host.build.exec(jailId, command, () => caller.abort(new Error('gone')), caller.signal),
    ).rejects.toThrow('gone');
    const running = async () =>
      (await run(['docker', 'ps', '--quiet', '--filter', `label=berth.jail=${jailId}`])).stdout.toString();
    await until('the jail is dead', async () => (await running()) === '');
    await host.build.closeJail(jailId);
  });

  it('lets any user id of a container use a socket that is mounted, and no other', async () => {
    const mount = `${join(host.directory, 'run/release')}:/run/berth:ro`;
    const call = [
      'curl',
      '--silent',
      '--unix-socket',
      '/run/berth/engine.sock',
      '--data',
      '[{}]',
      'http://engine/listInstances',
    ];
    const docker = ['docker', 'run', '--rm', '--user', '10001:10001', '--network', 'none', '--volume', mount] as const;
    const { stdout } = await run([
      ...docker,
      '--entrypoint',
      call[0]!,
      needed('BERTH_PLATFORM_IMAGE'),
      ...call.slice(1),
    ]);
    expect(JSON.parse(stdout.toString())).toEqual([]);
    const wrong = call.map((part) => part.replace('listInstances', 'openJail'));
    const refused = await run([
      ...docker,
      '--entrypoint',
      wrong[0]!,
      needed('BERTH_PLATFORM_IMAGE'),
      ...wrong.slice(1),
    ]);
    expect(JSON.parse(refused.stdout.toString())).toMatchObject({ kind: 'internal' });
  });

  it.each([60, 200, 400])('killed %i ms into openJail and started again leaves nothing', async (afterMs) => {
    const opening = host.build.openJail({ ...jail('killed'), cacheKey: 'repository' });
    opening.catch(() => {});
    await sleep(afterMs);
    await host.kill();
    await opening.then(
      () => {},
      (error) => expect(error).toBeInstanceOf(TransientError),
    );
    await host.start();
    await until(
      'nothing is left',
      () =>
        nothingOfBuilds().then(
          () => true,
          () => false,
        ),
      15_000,
    );
  });

  it('killed again and again loses no line of an app and sends none twice', async () => {
    const lines = 3_000;
    const script = `i=0; while [ $i -lt ${lines} ]; do echo "line $i"; [ $((i % 3)) -eq 0 ] && echo "error $i" >&2; i=$((i+1)); [ $((i % 10)) -eq 0 ] && sleep 0.01; done; sleep 1000`;
    await host.release.startInstance(group('logs', script), 1);
    for (const ms of [200, 700, 900]) {
      await sleep(ms);
      await host.kill();
      await sleep(100);
      await host.start();
    }
    const read = async () => {
      const found = await readLines(redis, host.instance, 'app', { count: 20_000 });
      return found.filter((line) => line.source === 'app' && line.process === 'web.1').map((line) => line.text);
    };
    await until('the last line is there', async () => (await read()).includes(`line ${lines - 1}`));
    const texts = await read();
    expect(texts.filter((text) => text.startsWith('line'))).toEqual(
      Array.from({ length: lines }, (_, i) => `line ${i}`),
    );
    expect(texts.filter((text) => text.startsWith('error'))).toEqual(
      Array.from({ length: Math.ceil(lines / 3) }, (_, i) => `error ${i * 3}`),
    );
    await host.release.removeInstance({ ...group('logs', ''), index: 1 }, 0);
  });

  it('stores the last words of an instance that ends, before it is removed', async () => {
    const script =
      "trap 'i=0; while [ $i -lt 300 ]; do echo last $i; i=$((i+1)); done; exit 0' TERM; echo up; while :; do sleep 0.1; done";
    await host.release.startInstance(group('words', script), 2);
    const key = { ...group('words', ''), index: 2 };
    await until('up', async () => (await host.release.lastLines(key, 1)).includes('up'));
    await host.release.removeInstance(key, 10_000);
    const found = await readLines(redis, host.instance, 'app', {
      count: 20_000,
      matches: ({ process, text }) => process === 'web.2' && /^(up|last)/.test(text), // the shell tells of its child, too
    });
    expect(found.map((line) => line.text)).toEqual(['up', ...Array.from({ length: 300 }, (_, i) => `last ${i}`)]);
  });

  it('carries a terminal over its socket; killed, it leaves no process of it behind', async () => {
    const { containerId } = await host.release.startInstance(group('terminal', 'sleep infinity'), 1);
    const open = (command?: string) =>
      host.release.openTerminal({ containerId, command, tty: true, env: {}, columns: 97, lines: 31 });
    const printing = await open('stty size; exit 6');
    let seen = '';
    printing.stream.on('data', (chunk) => {
      seen += chunk;
    });
    expect(await printing.exit).toBe(6);
    await until('all is read', () => printing.stream.readableEnded);
    expect(seen).toBe('31 97\r\n');

    const processes = async () => (await run(['docker', 'top', containerId, '-eo', 'pid,args'])).stdout.toString();
    const first = await open("trap '' HUP; while :; do sleep 0.1; done");
    await until('it runs', async () => (await processes()).includes("trap '' HUP"));
    first.stream.destroy();
    await until('it is gone with its caller', async () => !(await processes()).includes("trap '' HUP"));
    const second = await open("trap '' HUP; while :; do sleep 0.1; done");
    second.stream.resume();
    await until('it runs', async () => (await processes()).includes("trap '' HUP"));
    await host.kill();
    await expect(second.exit).rejects.toThrow(TransientError);
    await until('it is gone with the host process', async () => !(await processes()).includes("trap '' HUP"));
    expect(await processes()).toContain('sleep infinity');
    await host.start();
    await host.release.removeInstance({ ...group('terminal', ''), index: 1 }, 0);
  });

  it('killed while a volume is copied and started again lets go on whatever stood still for it', async () => {
    const volume = { key: 'd_base', sizeBytes: 1024 * MiB };
    const withVolume = { ...group('volume', 'sleep infinity'), volumes: [{ key: volume.key, path: '/data' }] };
    const spec = { ...withVolume, processType: 'run', key: 'beside', timeoutMs: 300_000 };
    const copies: string[] = [];
    /** Also when the test fails: a second try begins with nothing. */
    const removeAll = async () => {
      await host.release.removeOneOff(spec.key);
      await host.release.removeInstance({ ...withVolume, index: 1 }, 0);
      const areGone: boolean[] = [];
      for (const key of [volume.key, ...copies]) areGone.push(await host.release.removeVolume(key));
      return areGone;
    };
    onTestFinished(async () => void (await removeAll()));
    await host.release.ensureVolume(volume);
    const { containerId } = await host.release.startInstance(withVolume, 1);
    const oneOffId = await new Promise<string>((resolve, reject) => {
      host.release.runOneOff(spec, () => {}, never, resolve).catch(reject);
    });
    const areStill = async () =>
      (await host.release.readUsage([containerId, oneOffId])).containers.map(({ isFrozen }) => isFrozen);
    expect(await areStill()).toEqual([false, false]);

    /** Copies until one is seen in its middle: one that is over too soon is followed by the next. */
    const beginCopy = async (): Promise<void> => {
      copies.push(`d_copy${copies.length}`);
      let isOver = false;
      const copying = host.release.ensureVolume({ ...volume, key: copies.at(-1)!, copyOf: volume.key });
      const end = () => {
        isOver = true;
      };
      copying.then(end, end);
      while (!isOver) if ((await areStill()).every(Boolean)) return;
      await beginCopy();
    };
    await beginCopy();
    await host.kill();
    await host.start();
    expect(await areStill()).toEqual([false, false]);
    await host.release.ensureVolume({ ...volume, key: copies.at(-1)!, copyOf: volume.key });
    expect(await areStill()).toEqual([false, false]);

    expect(await removeAll()).not.toContain(false);
    expect(await readdir(join(host.directory, 'disks/volumes'))).toEqual([]);
  }, 120_000);

  it('loads the firewall table again when somebody removed it', async () => {
    const nft = (...argv: string[]) =>
      run(['docker', 'exec', `${host.instance}-host-network`, 'nft', ...argv], { check: false });
    expect((await nft('delete', 'table', 'inet', host.names.table)).code).toBe(0);
    await until(
      'the table is back',
      async () => (await nft('list', 'table', 'inet', host.names.table)).code === 0,
      40_000,
    );
  });
});
