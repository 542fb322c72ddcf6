import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../daemon/test/until.js';
import type { RedisSpec } from '../src/add-on-specs.js';
import { labelFilter } from '../src/docker/labels.js';
import { MiB, openTestEngine, type TestEngine } from './open-engine.js';

const password = 'correct-horse';
const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const user = (name: string, of = password) => ({ name, passwordHash: hash(of) });

describe('Redis servers of add-ons', () => {
  let engine: TestEngine;
  const ids: Record<string, string> = {};

  const spec = (key: string, more: Partial<RedisSpec> = {}): RedisSpec => ({
    ...{ key, hostName: `redis-${key.slice(2)}.internal`, environmentIds: ['env-a'], connectionsMax: 4 },
    ...{ dataBytes: 16 * MiB, memoryBytes: 96 * MiB, isPersistent: true },
    ...more,
  });
  const make = async (key: string, more: Partial<RedisSpec> = {}) => {
    await engine.release.ensureRedis(spec(key, more));
    await engine.release.setRedisUsers(key, [user('u_one')]);
  };
  /** What a command prints that an instance of an environment sends; '' when it got no answer. */
  const ask = async (from: string, key: string, command: string, as = 'u_one', secret = password) => {
    const host = `redis-${key.slice(2)}.internal`;
    const client = `timeout 5 redis-cli -h ${host} --user ${as} --pass ${secret} --no-auth-warning ${command} 2>&1`;
    const { stdout } = await engine.inContainer(ids[from] ?? '', 'sh', '-c', client);
    return stdout.trim();
  };
  const containerOf = async (key: string) => {
    const filters = labelFilter(engine.host, 'redis', { 'berth.key': key });
    const [found] = await engine.docker.listContainers({ all: true, filters });
    return found && engine.docker.getContainer(found.Id);
  };
  const kill = async (key: string) => {
    await (await containerOf(key))?.kill();
    await until('it is down', async () => (await statusOf(key))?.isRunning === false);
  };
  const statusOf = async (key: string) => (await engine.release.listRedis()).find((one) => one.key === key);

  beforeAll(async () => {
    engine = await openTestEngine();
    await engine.release.ensureNetwork({ environmentId: 'env-a', kind: 'stable' });
    await engine.release.ensureNetwork({ environmentId: 'env-b', kind: 'stable' });
    await engine.release.ensureNetwork({ environmentId: 'env-p', kind: 'project' });
    for (const name of ['a', 'b', 'p']) {
      const group = engine.group({ environmentId: `env-${name}`, rolloutId: name });
      ids[name] = (await engine.release.startInstance(group, 1)).containerId;
    }
    const { jailId } = await engine.build.openJail(engine.jail());
    const [jail] = await engine.docker.listContainers({ filters: { label: [`berth.jail=${jailId}`] } });
    ids.jail = jail?.Id ?? '';
  }, 120_000);
  afterAll(async () => {
    for (const { key } of (await engine?.release.listRedis()) ?? []) await engine.release.removeRedis(key);
    await engine?.close();
  }, 60_000);

  it('answer in the networks that they are in, and nowhere else', async () => {
    await make('d_one', { environmentIds: ['env-a', 'env-p', 'env-of-none'] });
    expect(await ask('a', 'd_one', 'SET greeting hello')).toBe('OK');
    expect(await ask('p', 'd_one', 'GET greeting')).toBe('hello');
    const { NetworkSettings } = (await (await containerOf('d_one'))?.inspect()) ?? {};
    const addresses = Object.values(NetworkSettings?.Networks ?? {}).map(({ IPAddress }) => IPAddress);
    expect(addresses).toHaveLength(2);
    expect(addresses).toContain((await statusOf('d_one'))?.address);
    const reach = async (from: string, address: string) => {
      const argv = ['timeout', '2', 'bash', '-c', `exec 3<>/dev/tcp/${address}/6379`];
      return (await engine.inContainer(ids[from] ?? '', ...argv)).exitCode;
    };
    for (const address of addresses) {
      expect(await reach('b', address), 'another environment').toBe(124);
      expect(await reach('jail', address), 'a build').toBe(124);
    }
    expect(await ask('b', 'd_one', 'PING')).not.toContain('PONG'); // nobody knows its name there
    await engine.release.disconnectRedis('d_one', ['env-p']);
    expect((await statusOf('d_one'))?.environmentIds).toEqual(['env-a']);
    expect(await ask('p', 'd_one', 'PING')).not.toContain('PONG');
  }, 60_000);

  it('let in who has a password of theirs, to what is an app’s affair', async () => {
    await make('d_one');
    for (const command of ['CONFIG GET maxmemory', 'SHUTDOWN', 'REPLICAOF NO ONE', 'ACL LIST', 'MONITOR', 'SAVE'])
      expect(await ask('a', 'd_one', command)).toContain('NOPERM');
    for (const command of ['INFO server', 'CLIENT LIST', 'EVAL "return 1" 0', 'KEYS x', 'FLUSHALL'])
      expect(await ask('a', 'd_one', command)).not.toMatch(/NOPERM|ERR/);
    expect(await ask('a', 'd_one', 'PING', 'u_one', 'wrong')).toContain('WRONGPASS');
    expect(await ask('a', 'd_one', 'PING', 'default', password)).toContain('WRONGPASS');
    await engine.release.setRedisUsers('d_one', [user('u_one'), user('u_two', 'second')]);
    expect(await ask('a', 'd_one', 'PING', 'u_two', 'second')).toBe('PONG');
    await engine.release.setRedisUsers('d_one', [user('u_two', 'second')]);
    expect(await ask('a', 'd_one', 'PING')).toContain('WRONGPASS');
    expect(await ask('a', 'd_one', 'PING', 'u_two', 'second')).toBe('PONG');
  }, 60_000);

  it('hold their plan’s limits: data, connections', async () => {
    await make('d_small', { connectionsMax: 2 });
    const set = 'redis-cli -h redis-small.internal --user u_one --pass "$0" --no-auth-warning -x SET $n';
    const fill = `for n in $(seq 20); do head -c 1000000 /dev/zero | ${set}; done 2>&1`;
    const { stdout } = await engine.inContainer(ids.a ?? '', 'sh', '-c', fill, password);
    expect(stdout).toMatch(/^OK$/m);
    expect(stdout).toContain('OOM command not allowed');
    const hold = `for n in $(seq 12); do (sleep 4 | redis-cli -h redis-small.internal >/dev/null 2>&1) & done; sleep 1`;
    await engine.inContainer(ids.a ?? '', 'sh', '-c', hold);
    expect(await ask('a', 'd_small', 'PING')).toContain('max number of clients');
    await until('they are gone', async () => (await ask('a', 'd_small', 'PING')) === 'PONG', 20_000);
  }, 60_000);

  it('come back after a kill with users and data; those of a plan that keeps nothing are empty', async () => {
    await make('d_kept');
    await make('d_fleeting', { isPersistent: false });
    for (const key of ['d_kept', 'd_fleeting']) {
      await ask('a', key, 'SET n 1');
      if (key === 'd_kept') await new Promise((resolve) => setTimeout(resolve, 1_500)); // the disk has it within a second
      await kill(key);
      await engine.release.ensureRedis(spec(key, { isPersistent: key === 'd_kept' }));
    }
    expect(await ask('a', 'd_kept', 'GET n')).toBe('1');
    expect(await ask('a', 'd_fleeting', 'GET n')).toBe('');
  }, 60_000);

  it('are made anew with another plan when they do not run, and keep their data', async () => {
    await make('d_plan');
    await ask('a', 'd_plan', 'SET n 1');
    await engine.release.ensureRedis(spec('d_plan', { memoryBytes: 128 * MiB })); // it runs: left alone
    await (await containerOf('d_plan'))?.stop();
    await engine.release.ensureRedis(spec('d_plan', { memoryBytes: 128 * MiB }));
    expect((await (await containerOf('d_plan'))?.inspect())?.HostConfig.Memory).toBe(128 * MiB);
    expect(await ask('a', 'd_plan', 'GET n')).toBe('1');
  }, 60_000);

  it.each([true, false])(
    'are copied while the first goes on (persistent: %s)',
    async (isPersistent) => {
      const [from, to] = [`d_from${isPersistent}`, `d_to${isPersistent}`];
      await make(from, { isPersistent });
      await ask('a', from, `EVAL "for n = 1, 5000 do redis.call('SET', n, n) end" 0`);
      const copy = spec(to, { isPersistent, environmentIds: ['env-p'] });
      await engine.release.ensureRedis(copy);
      for (let twice = 0; twice < 2; twice += 1) await engine.release.copyRedis({ from, to }); // a run after a kill
      await engine.release.setRedisUsers(to, [user('u_copy', 'other')]);
      const asCopy = (command: string) => ask('p', to, command, 'u_copy', 'other');
      expect(await asCopy('DBSIZE')).toBe('5000');
      expect((await statusOf(to))?.environmentIds).toEqual(['env-p']);
      expect(await asCopy('SET mine 1')).toBe('OK');
      expect(await ask('a', from, 'SET yours 1')).toBe('OK');
      expect(await asCopy('EXISTS yours')).toBe('0');
      expect(await ask('a', from, 'EXISTS mine')).toBe('0');
      await kill(to);
      await engine.release.ensureRedis(copy);
      expect(await asCopy('DBSIZE')).toBe(isPersistent ? '5001' : '0');
    },
    60_000,
  );

  it('are listed with the one-offs as what runs beside instances, each with whose it is', async () => {
    await make('d_beside');
    const oneOff = { ...engine.group({ appId: 'app-x', environmentId: 'env-a', command: 'sleep 100' }), key: 'beside' };
    const caller = new AbortController();
    let run = Promise.resolve<unknown>(undefined);
    const containerId = await new Promise<string>((started, failed) => {
      run = engine.release.runOneOff({ ...oneOff, timeoutMs: 60_000 }, () => {}, caller.signal, started);
      run.catch(failed);
    });
    const others = await engine.release.listOthers();
    caller.abort();
    await expect(run).rejects.toThrow();
    expect(others).toContainEqual({ containerId, appId: 'app-x' });
    expect(others).toContainEqual({ containerId: (await containerOf('d_beside'))?.id, redisKey: 'd_beside' });
    expect(others.map((other) => other.containerId)).not.toContain(ids.a);
    const { containers } = await engine.release.readUsage(others.map((other) => other.containerId));
    expect(containers.length).toBeGreaterThan(0);
  }, 60_000);

  it('forget which queues an app of a project works itself, and with the last one what those hold', async () => {
    await make('d_jobs');
    const [one, two] = ['0198aaaa-0000-7000-8000-000000000001', '0198aaaa-0000-7000-8000-000000000002'];
    const say = async (queue: string, environment: string, app: string) => {
      await ask('a', 'd_jobs', `HSET berth:workers:apps '${queue}#${app}' ${environment}`);
      await ask('a', 'd_jobs', `HSET berth:workers '${queue}' ${environment}`);
    };
    await say('pa/bull:mail', one, 'mail');
    await say('pa/bull:orders', one, 'mail');
    await say('pa/bull:orders', one, 'orders');
    await say('pb/bull:mail', two, 'mail');
    const held = [`bull~${one}:mail:1`, `{b}~${one}:orders:wait`, `bull~${two}:mail:1`, 'bull:mail:1'];
    for (const key of held) await ask('a', 'd_jobs', `SET '${key}' x`);
    const left = async () => {
      const lines = await Promise.all([
        ask('a', 'd_jobs', 'HKEYS berth:workers'),
        ask('a', 'd_jobs', "KEYS '*[~l]*:*:*'"),
      ]);
      return lines.map((text) => text.split('\n').sort());
    };
    for (let twice = 0; twice < 2; twice += 1) {
      await engine.release.forgetWorkers({ key: 'd_jobs', environmentId: one, appId: 'mail' });
      expect(await left()).toEqual([['pa/bull:orders', 'pb/bull:mail'], held.toSorted()]);
    }
    for (let twice = 0; twice < 2; twice += 1) {
      await engine.release.forgetWorkers({ key: 'd_jobs', environmentId: one });
      expect(await left()).toEqual([['pb/bull:mail'], ['bull:mail:1', `bull~${two}:mail:1`]]);
    }
    await kill('d_jobs');
    await expect(engine.release.forgetWorkers({ key: 'd_jobs', environmentId: two })).rejects.toThrow('does not run');
  }, 60_000);

  it('let the network of an environment go, and are gone with their data when they are removed', async () => {
    await engine.release.ensureNetwork({ environmentId: 'env-c', kind: 'project' });
    await make('d_end', { environmentIds: ['env-a', 'env-c'] });
    await engine.release.removeNetwork('env-c');
    expect((await statusOf('d_end'))?.environmentIds).toEqual(['env-a']);
    const volumes = async () =>
      (await engine.docker.listVolumes({ filters: labelFilter(engine.host, 'redis', { 'berth.key': 'd_end' }) }))
        .Volumes;
    expect(await volumes()).toHaveLength(1);
    const { volumes: measured } = await engine.release.measureDisk({ cacheKeys: [] });
    expect(measured.find(({ key }) => key === 'd_end')?.bytes).toBeGreaterThan(0);
    for (let twice = 0; twice < 2; twice += 1) await engine.release.removeRedis('d_end');
    expect(await volumes()).toHaveLength(0);
    expect(await statusOf('d_end')).toBeUndefined();
  }, 60_000);
});
