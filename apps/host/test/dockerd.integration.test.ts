import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@berth/daemon/spawn';
import { TransientError } from '@berth/domain/errors';
import { readLines } from '@berth/logs/log-stream';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needed } from '../../../packages/daemon/test/needed.js';
import { until } from '../../../packages/daemon/test/until.js';
import { pushedPlatformImage } from '../../../packages/engine/test/pushed-platform-image.js';
import { loadImage, startDockerd, type TestDockerd } from './start-dockerd.js';
import { startHost, type TestHost } from './start-host.js';

const MiB = 1024 * 1024;
const never = new AbortController().signal;
const limits = { memoryBytes: 256 * MiB, cpuShares: 102, pidsMax: 256, diskBytes: 64 * MiB, cacheBytes: 64 * MiB };

describe('a Docker daemon that is killed with SIGKILL and started again', () => {
  let dockerd: TestDockerd;
  let host: TestHost;
  let redis: Redis;
  beforeAll(async () => {
    const registry = new URL(needed('TEST_REGISTRY_URL')).host;
    const { repository, digest } = await pushedPlatformImage(needed('BERTH_PLATFORM_IMAGE'), registry);
    dockerd = await startDockerd(['--live-restore']);
    await loadImage(dockerd, `${registry}/${repository}@${digest}`, needed('BERTH_PLATFORM_IMAGE'));
    host = await startHost({ DOCKER_SOCKET: dockerd.socket });
    redis = new Redis(needed('TEST_REDIS_URL'));
    await host.release.pullImage(host.image);
    await host.release.ensureNetwork({ environmentId: 'env', kind: 'stable' });
  });
  afterAll(async () => {
    await redis?.del(`berth:${host.instance}:log:app`, `berth:${host.instance}:log-place`);
    redis?.disconnect();
    await host?.stop();
    await dockerd?.close();
    await host?.close();
  });

  const group = (rolloutId: string) => ({
    appId: 'app',
    appName: 'shop',
    environmentId: 'env',
    rolloutId,
    releaseVersion: 1,
    processType: 'web',
    image: host.image,
    command: 'while :; do echo tick; sleep 0.1; done',
    env: {},
    memoryBytes: 64 * MiB,
    cpuShares: 512,
    pidsMax: 64,
  });
  const pidOf = (containerId: string) => dockerd.docker('inspect', '--format', '{{.State.Pid}}', containerId);
  const answers = () =>
    host.release.listInstances().then(
      () => true,
      () => false,
    );
  const ticksAfter = async (at: number) =>
    (await readLines(redis, host.instance, 'app', { count: 20_000 })).filter((line) => line.at > at).length;

  /** A build's command that runs while the daemon dies. */
  const startBuild = async (buildId: string) => {
    const spec = { buildId, appId: 'app', image: host.image, limits, cacheKey: 'repository' };
    const { jailId } = await host.build.openJail(spec);
    let up: () => void;
    const isUp = new Promise<void>((resolve) => {
      up = resolve;
    });
    const command = { argv: ['sh', '-c', 'echo up; sleep 1000'] as [string, ...string[]], env: {}, cwd: '/' };
    const ended = host.build.exec(jailId, command, () => up(), never).catch((error: unknown) => error);
    await isUp;
    return { spec, ended };
  };
  const nothingOfBuilds = async () => {
    const ofKind = (kind: string) => ['--quiet', '--filter', `label=berth.kind=${kind}`];
    expect(await dockerd.docker('ps', '--all', ...ofKind('jail'))).toBe('');
    expect(await dockerd.docker('network', 'ls', ...ofKind('build-network'))).toBe('');
    expect(await readdir(join(host.directory, 'disks/jails')).catch(() => [])).toEqual([]);
  };
  const noDisks = async () => {
    expect(await dockerd.docker('volume', 'ls', '--quiet')).toBe('');
    expect((await run(['losetup', '-a'])).stdout.toString()).not.toContain(host.directory);
  };
  /** The next try of the build, as the builder makes it. */
  const tryAgain = async (build: Awaited<ReturnType<typeof startBuild>>) => {
    expect(await build.ended).toBeInstanceOf(TransientError);
    const { jailId } = await host.build.openJail(build.spec);
    expect(await host.build.listJails()).toEqual([{ jailId, buildId: build.spec.buildId }]);
    await host.build.closeJail(jailId);
    await nothingOfBuilds();
  };

  it('with live-restore: instances run on, verbs, events and logs go on, an interrupted build finds a clean place', async () => {
    const { containerId } = await host.release.startInstance(group('kept'), 1);
    const pid = await pidOf(containerId);
    const { containerId: asleep } = await host.release.startInstance(group('asleep'), 1);
    await host.release.freezeInstances([asleep]);
    const build = await startBuild('one');
    let events = 0;
    const stopWatching = new AbortController();
    const watching = host.release.watch(() => (events += 1), stopWatching.signal).catch(() => {});

    await dockerd.kill();
    await expect(host.release.listInstances()).rejects.toThrow(TransientError);
    process.kill(Number(pid), 0); // throws when it is gone
    await dockerd.start(['--live-restore']);
    const startedAt = Date.now();

    await until('verbs answer', answers);
    expect(await host.release.listInstances({ rolloutId: 'kept' })).toMatchObject([{ containerId, state: 'running' }]);
    expect(await pidOf(containerId)).toBe(pid);
    await until('logs go on', async () => (await ticksAfter(startedAt + 1_000)) > 5);
    const isFrozen = async () => (await host.release.readUsage([asleep])).containers.map((one) => one.isFrozen);
    expect(await isFrozen()).toEqual([true]);
    expect(await host.release.listInstances({ rolloutId: 'asleep' })).toMatchObject([{ state: 'running' }]);
    expect(await host.release.thawInstances([asleep])).toEqual({ gone: [] });
    expect(await isFrozen()).toEqual([false]);
    await host.release.removeInstance({ ...group('asleep'), index: 1 }, 0);
    await tryAgain(build);
    events = 0;
    await host.release.startInstance(group('next'), 1);
    await until('events go on', () => events > 0);
    await host.release.removeInstance({ ...group('next'), index: 1 }, 0);
    stopWatching.abort();
    await watching;
    await host.release.removeInstance({ ...group('kept'), index: 1 }, 0);
  });

  it('without live-restore: instances are said to have exited and may be started again; no disk is left', async () => {
    await dockerd.kill();
    await dockerd.start([]);
    await until('verbs answer', answers);
    // What this daemon's version held on to since live-restore goes with the next sweep.
    await host.kill();
    await host.start();
    await noDisks();
    const { containerId } = await host.release.startInstance(group('lost'), 1);
    const { containerId: asleep } = await host.release.startInstance(group('asleep'), 1);
    await host.release.freezeInstances([asleep]);
    const build = await startBuild('two');

    await dockerd.kill();
    await dockerd.start([]);
    await until('verbs answer', answers);
    expect(await host.release.listInstances({ rolloutId: 'lost' })).toMatchObject([{ containerId, state: 'exited' }]);
    const startedAt = Date.now();
    const restarted = await host.release.restartInstance({ ...group('lost'), index: 1 });
    expect(restarted).toMatchObject({ containerId, state: 'running' });
    await until('logs go on', async () => (await ticksAfter(startedAt)) > 5);
    expect(await host.release.listInstances({ rolloutId: 'asleep' })).toMatchObject([{ state: 'exited' }]);
    expect(await host.release.thawInstances([asleep])).toEqual({ gone: [asleep] });
    const woken = await host.release.restartInstance({ ...group('asleep'), index: 1 });
    expect(woken).toMatchObject({ containerId: asleep, state: 'running' });
    await host.release.removeInstance({ ...group('asleep'), index: 1 }, 0);
    await tryAgain(build);
    await noDisks();
    await host.release.removeInstance({ ...group('lost'), index: 1 }, 0);
  });
});
