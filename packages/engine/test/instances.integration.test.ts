import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../daemon/test/until.js';
import { labelFilter } from '../src/docker/labels.js';
import { MiB, never, openTestEngine, type TestEngine } from './open-engine.js';

/** Listens on an address and a port of its environment; perl is in every Debian. */
const listen = (address: string, port: number) =>
  `exec perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(LocalAddr => "${address}", LocalPort => ${port}, Listen => 5) or die; sleep 1000'`;

describe('instances', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await openTestEngine();
    await engine.release.ensureNetwork({ environmentId: 'env-a', kind: 'stable' });
  });
  afterAll(() => engine.close());

  it('an environment has one network, whoever asks how often', async () => {
    const asked = [1, 2, 3].map(() => engine.release.ensureNetwork({ environmentId: 'env-n', kind: 'project' }));
    const subnets = new Set((await Promise.all(asked)).map(({ subnet }) => subnet));
    expect(subnets.size).toBe(1);
    expect([...subnets][0]).toMatch(/\/25$/);
    await engine.release.removeNetwork('env-n');
    await engine.release.removeNetwork('env-n');
  });

  it('starting one twice, also at the same time, gives the same container', async () => {
    const group = engine.group({ rolloutId: 'same' });
    const [one, two] = await Promise.all([
      engine.release.startInstance(group, 1),
      engine.release.startInstance(group, 1),
    ]);
    const three = await engine.release.startInstance(group, 1);
    expect(two.containerId).toBe(one.containerId);
    expect(three).toMatchObject({ containerId: one.containerId, state: 'running', index: 1, appId: 'app-a' });
    const listed = await engine.release.listInstances({ rolloutId: 'same' });
    expect(listed).toEqual([three]);
    await engine.release.removeInstance({ ...group, index: 1 }, 0);
    expect(await engine.release.listInstances({ rolloutId: 'same' })).toEqual([]);
    await engine.release.removeInstance({ ...group, index: 1 }, 0);
  });

  it('run unprivileged, in their limits, with their environment', async () => {
    const group = engine.group({ rolloutId: 'jailed', port: 8080, env: { GREETING: 'a "b" $c' } });
    const { containerId } = await engine.release.startInstance(group, 3);
    const read = async (...argv: string[]) => (await engine.inContainer(containerId, ...argv)).stdout;
    expect(await read('id', '-u')).toBe('10001\n');
    expect(await read('hostname')).toBe('web-3\n');
    const status = await read('cat', '/proc/1/status');
    expect(status).toMatch(/CapEff:\s+0000000000000000/);
    expect(status).toMatch(/CapBnd:\s+0000000000000000/);
    expect(status).toMatch(/NoNewPrivs:\s+1/);
    expect(status).toMatch(/Seccomp:\s+2/);
    expect(await read('printenv', 'GREETING', 'PORT')).toBe('a "b" $c\n8080\n');
    expect(await read('cat', '/etc/resolv.conf')).toContain('127.0.0.11');
    const info = await engine.docker.getContainer(containerId).inspect();
    expect(info.HostConfig).toMatchObject({
      Memory: 64 * MiB,
      MemorySwap: 64 * MiB,
      PidsLimit: 64,
      CpuShares: 512,
      Dns: [engine.host.pool.routerGateway],
      RestartPolicy: { Name: 'no' },
    });
    await engine.release.removeInstance({ ...group, index: 3 }, 0);
  });

  it('run an argument list as it is, without a shell', async () => {
    const argv = ['/usr/bin/printenv', '0=$HOME; exit 3'] as const;
    const group = engine.group({ rolloutId: 'argv', command: 'exit 7', argv: [...argv], env: { '0': 'x' } });
    await engine.release.startInstance(group, 1);
    const seen = async () => (await engine.release.listInstances({ rolloutId: 'argv' }))[0];
    await until('ended', async () => (await seen())?.state === 'exited');
    expect((await seen())?.exitCode).toBe(1); // there is no variable of that whole name
    const { Path, Args } = await engine.docker.getContainer((await seen())!.containerId).inspect();
    expect([Path, ...Args].slice(-2)).toEqual([...argv]);
    await engine.release.removeInstance({ ...group, index: 1 }, 0);
  });

  it('get SIGTERM and their grace, then SIGKILL', async () => {
    const polite = engine.group({
      rolloutId: 'polite',
      command: "trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.1; done",
    });
    const deaf = engine.group({ rolloutId: 'deaf', command: "trap '' TERM; echo up; while :; do sleep 0.1; done" });
    const timeOf = async (group: typeof polite, graceMs: number) => {
      await engine.release.startInstance(group, 1);
      await until('up', async () => (await engine.release.lastLines({ ...group, index: 1 }, 5)).includes('up'));
      const start = Date.now();
      await engine.release.removeInstance({ ...group, index: 1 }, graceMs);
      return Date.now() - start;
    };
    expect(await timeOf(polite, 60_000)).toBeLessThan(30_000);
    const deafMs = await timeOf(deaf, 2_000);
    expect(deafMs).toBeGreaterThan(1_900);
    expect(deafMs).toBeLessThan(30_000);
  });

  it('that end by themselves say how, keep their last lines, and are not started again unasked', async () => {
    const group = engine.group({ rolloutId: 'crash', command: 'echo one; echo two >&2; echo three; exit 7' });
    const key = { ...group, index: 1 };
    await engine.release.startInstance(group, 1);
    await until(
      'exited',
      async () => (await engine.release.listInstances({ rolloutId: 'crash' }))[0]?.state === 'exited',
    );
    const again = await engine.release.startInstance(group, 1);
    expect(again).toMatchObject({ state: 'exited', exitCode: 7, isOutOfMemory: false });
    expect((await engine.release.lastLines(key, 2)).length).toBe(2);
    expect((await engine.release.lastLines(key, 50)).toSorted()).toEqual(['one', 'three', 'two']);
    const restarted = await engine.release.restartInstance(key);
    expect(restarted.containerId).toBe(again.containerId);
    await engine.release.removeInstance(key, 0);
  });

  it('of a debug deploy wait when they are started again, with their files, and end at once when asked to', async () => {
    const command = 'echo state > /tmp/left; echo ran; exit 7';
    const group = engine.group({ rolloutId: 'held', command, isHeld: true });
    const key = { ...group, index: 1 };
    const { containerId } = await engine.release.startInstance(group, 1);
    const seen = async () => (await engine.release.listInstances({ rolloutId: 'held' }))[0];
    await until('exited', async () => (await seen())?.state === 'exited');
    expect(await seen()).toMatchObject({ exitCode: 7, isHeld: true });
    await engine.release.restartInstance(key);
    await until(
      'held',
      async () => (await engine.release.lastLines(key, 1))[0]?.startsWith('This container is held') === true,
    );
    expect((await engine.inContainer(containerId, 'cat', '/tmp/left')).stdout).toBe('state\n');
    expect(await engine.release.lastLines(key, 50)).toEqual(['ran', 'This container is held as its process left it.']);
    const began = Date.now();
    await engine.release.removeInstance(key, 60_000);
    expect(Date.now() - began).toBeLessThan(30_000);
  });

  it('that need more than their memory are said to', async () => {
    const command = `perl -e '$x = "a" x (200 * 1024 * 1024); sleep 100'`;
    const group = engine.group({ rolloutId: 'oom', command });
    await engine.release.startInstance(group, 1);
    await until(
      'killed',
      async () => (await engine.release.listInstances({ rolloutId: 'oom' }))[0]?.state === 'exited',
    );
    expect((await engine.release.listInstances({ rolloutId: 'oom' }))[0]).toMatchObject({
      exitCode: 137,
      isOutOfMemory: true,
    });
    await engine.release.removeInstance({ ...group, index: 1 }, 0);
  });

  it('tell what they listen on', async () => {
    const everywhere = engine.group({ rolloutId: 'all', command: listen('0.0.0.0', 8080) });
    const locally = engine.group({ rolloutId: 'local', command: listen('127.0.0.1', 3000) });
    for (const group of [everywhere, locally]) await engine.release.startInstance(group, 1);
    const sockets = (group: typeof locally) => engine.release.listeningSockets({ ...group, index: 1 });
    await until('listening', async () => (await sockets(everywhere)).length + (await sockets(locally)).length === 2);
    expect(await sockets(everywhere)).toEqual([{ address: '0.0.0.0', port: 8080 }]);
    expect(await sockets(locally)).toEqual([{ address: '127.0.0.1', port: 3000 }]);
    for (const group of [everywhere, locally]) await engine.release.removeInstance({ ...group, index: 1 }, 0);
    expect(await sockets(locally)).toEqual([]);
  });

  it('are watched: starts and ends are told', async () => {
    const stop = new AbortController();
    const seen: string[] = [];
    const watching = engine.release.watch(({ appId }) => seen.push(appId), stop.signal);
    await sleep(300);
    const group = engine.group({ rolloutId: 'watched', appId: 'app-w', command: 'true' });
    await engine.release.startInstance(group, 1);
    await until('start and die', () => seen.filter((appId) => appId === 'app-w').length >= 2);
    stop.abort();
    await watching;
    await engine.release.removeInstance({ ...group, index: 1 }, 0);
  });
});

describe('one-offs', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await openTestEngine();
    await engine.release.ensureNetwork({ environmentId: 'env-a', kind: 'stable' });
  });
  afterAll(() => engine.close());

  const left = () => engine.docker.listContainers({ all: true, filters: labelFilter(engine.host, 'oneoff') });
  const spec = (command: string, timeoutMs = 20_000) => ({ ...engine.group({ command }), key: 'release-1', timeoutMs });

  it('give all output and the exit code, and leave nothing', async () => {
    let text = '';
    const script = 'i=0; while [ $i -lt 2000 ]; do echo "line $i é"; i=$((i+1)); done; exit 3';
    const result = await engine.release.runOneOff(
      spec(script),
      (chunk) => {
        text += chunk;
      },
      never,
    );
    expect(result).toEqual({ exitCode: 3, isOutOfMemory: false, isTimedOut: false });
    expect(text).toBe(Array.from({ length: 2000 }, (_, i) => `line ${i} é\n`).join(''));
    expect(await left()).toEqual([]);
  });

  it('end at their time limit and when the caller goes', async () => {
    const late = await engine.release.runOneOff(spec('sleep 100', 500), () => {}, never);
    expect(late).toMatchObject({ isTimedOut: true, exitCode: 137 });
    const caller = new AbortController();
    const running = engine.release.runOneOff(
      spec('echo up; sleep 100'),
      () => caller.abort(new Error('gone')),
      caller.signal,
    );
    await expect(running).rejects.toThrow('gone');
    expect(await left()).toEqual([]);
  });
});
