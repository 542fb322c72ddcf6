import { createServer, type Server } from 'node:http';
import { networkInterfaces } from 'node:os';
import { run } from '@berth/daemon/spawn';
import { dataPort } from '@berth/domain/data-port';
import { mirrorPort } from '@berth/domain/mirror-port';
import { contains, gatewayOf } from '@berth/domain/subnet-pool';
import { redisTetherPort, tetherPort } from '@berth/domain/tether-ports';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runOnHostNetwork } from '../src/docker/host-network-container.js';
import { never, openTestEngine, type TestEngine } from './open-engine.js';
import { reach as reachBy, type Verdict } from './reach.js';

/**
 * Who reaches whom, with packets: each "open" is a connection that was made, each "closed" is one that timed out although
 * the same target answers the host, or, where no such target exists on this machine (metadata address, private LAN), a
 * packet that our own table's rule has counted.
 */
const serve = `perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(LocalAddr => "0.0.0.0", LocalPort => 8080, Listen => 50, ReuseAddr => 1) or die; while (my $c = $s->accept) { sysread $c, my $x, 4096; print $c "HTTP/1.0 200 OK\r\n\r\nhi"; close $c }'`;
const port = 8080;
const hostPort = 18_000 + Math.floor(Math.random() * 2_000);

describe('networks', () => {
  let engine: TestEngine;
  let server: Server;
  let gatewayServers: Server[] = [];
  const containers: string[] = [];
  const address: Record<string, string> = {};
  const ids: Record<string, string> = {};
  let jails: string[] = [];

  const startIn = async (name: string, environmentId: string, rolloutId: string) => {
    const group = engine.group({ environmentId, rolloutId, command: serve, processType: 'web' });
    const status = await engine.release.startInstance(group, 1);
    address[name] = status.address!;
    ids[name] = status.containerId;
  };
  const startOther = async (name: string, network: string, ports = {}) => {
    const container = await engine.docker.createContainer({
      Image: engine.settings.platformImage,
      Entrypoint: ['sh', '-c', `exec ${serve}`],
      ExposedPorts: { '8080/tcp': {} },
      HostConfig: { NetworkMode: network, PortBindings: ports },
    });
    containers.push(container.id);
    await container.start();
    const { NetworkSettings } = await container.inspect();
    address[name] = Object.values(NetworkSettings.Networks)[0]!.IPAddress;
    ids[name] = container.id;
  };
  const startJail = async (name: string) => {
    const { jailId } = await engine.build.openJail(engine.jail());
    jails.push(jailId);
    const found = await engine.docker.listContainers({ filters: { label: [`berth.jail=${jailId}`] } });
    ids[name] = found[0]!.Id;
    address[name] = Object.values(found[0]!.NetworkSettings.Networks)[0]!.IPAddress;
    const command = {
      argv: ['bash', '-c', `${serve} </dev/null >/dev/null 2>&1 &`] as [string, ...string[]],
      env: {},
      cwd: '/',
    };
    await engine.build.exec(jailId, command, () => {}, never);
  };

  beforeAll(async () => {
    engine = await openTestEngine();
    const { host, release, docker } = engine;
    await release.ensureNetwork({ environmentId: 'env-a', kind: 'stable' });
    await release.ensureNetwork({ environmentId: 'env-b', kind: 'stable' });
    await release.ensureNetwork({ environmentId: 'env-p', kind: 'project' });
    await release.ensureNetwork({ environmentId: 'env-q', kind: 'project' });
    await docker.createNetwork({
      Name: `${host.names.instance}-platform`,
      IPAM: { Config: [{ Subnet: host.pool.platformSubnet }] },
      Options: { 'com.docker.network.bridge.name': host.names.bridge('platform', 'platform') },
    });
    await startIn('a', 'env-a', 'a');
    await startIn('a2', 'env-a', 'a2');
    await startIn('b', 'env-b', 'b');
    await startIn('p', 'env-p', 'p');
    await startIn('p2', 'env-p', 'p2');
    await startIn('q', 'env-q', 'q');
    await startOther('platform', `${host.names.instance}-platform`);
    await startOther('published', 'bridge', { '8080/tcp': [{ HostPort: String(hostPort + 1) }] });
    await startJail('jail');
    await startJail('jail2');
    server = createServer((_, response) => response.end('host')).listen(hostPort, '0.0.0.0');
    gatewayServers = [80, 53, dataPort, tetherPort, redisTetherPort, mirrorPort].map((gatewayPort) =>
      createServer((_, response) => response.end('gateway')).listen(gatewayPort, host.pool.routerGateway),
    );
    await new Promise((resolve) => setTimeout(resolve, 500));
  }, 120_000);

  afterAll(async () => {
    server?.close();
    for (const one of gatewayServers) one.close();
    for (const jailId of jails) await engine.build.closeJail(jailId);
    jails = [];
    for (const id of containers) await engine.docker.getContainer(id).remove({ force: true });
    await engine.docker
      .getNetwork(`${engine.host.names.instance}-platform`)
      .remove()
      .catch(() => {});
    await engine.close();
  }, 120_000);

  const hostAddress = () =>
    Object.values(networkInterfaces())
      .flat()
      .find(
        (one) =>
          one &&
          one.family === 'IPv4' &&
          !one.internal &&
          !one.address.startsWith('100.') &&
          !one.address.startsWith('172.'),
      )!.address;
  const gatewayFor = async (ip: string) => {
    const networks = await engine.docker.listNetworks();
    const subnets = networks.flatMap((network) => network.IPAM?.Config?.map(({ Subnet }) => Subnet!) ?? []);
    return gatewayOf(subnets.find((subnet) => contains(subnet, ip))!);
  };

  const reach = (from: string, target: string, targetPort: number) =>
    reachBy((...argv) => engine.inContainer(ids[from]!, ...argv), target, targetPort);
  const fromHost = async (target: string, targetPort: number) => {
    const argv = [
      'curl',
      '--silent',
      '--output',
      '/dev/null',
      '--max-time',
      '3',
      `http://${target}:${targetPort}/`,
    ] as const;
    return (await run([...argv], { check: false })).code === 0;
  };

  /** Packets that the drop rules of a chain have counted. */
  const dropped = async (chain: string): Promise<number> => {
    const text = await runOnHostNetwork(engine.host, {
      argv: ['nft', 'list', 'chain', 'inet', engine.host.names.table, chain],
    });
    return [...text.matchAll(/counter packets (\d+)/g)].reduce((sum, match) => sum + Number(match[1]), 0);
  };

  const rows: [from: string, to: string, port: number, wanted: Verdict][] = [
    ['a', 'a2', port, 'open'],
    ['p', 'p2', port, 'open'],
    ['a', 'b', port, 'closed'],
    ['a', 'p', port, 'closed'],
    ['p', 'a', port, 'closed'],
    ['p', 'q', port, 'closed'],
    ['q', 'p', port, 'closed'],
    ['a', 'jail', port, 'closed'],
    ['a', 'platform', port, 'closed'],
    ['p', 'platform', port, 'closed'],
    ['p', 'jail', port, 'closed'],
    ['a', 'published', port, 'closed'],
    ['p', 'published', port, 'closed'],
    ['jail', 'jail2', port, 'closed'],
    ['jail', 'a', port, 'closed'],
    ['jail', 'b', port, 'closed'],
    ['jail', 'p', port, 'closed'],
    ['jail', 'q', port, 'closed'],
    ['jail', 'platform', port, 'closed'],
    ['jail', 'published', port, 'closed'],
    ['platform', 'a', port, 'closed'],
    ['platform', 'p', port, 'closed'],
    ['platform', 'jail', port, 'closed'],
    ['published', 'a', port, 'closed'],
    ['published', 'p', port, 'closed'],
    ['published', 'jail', port, 'closed'],
  ];
  it.concurrent.each(rows)('%s → container %s:%i is %s', async (from, to, targetPort, wanted) => {
    expect(await fromHost(address[to]!, targetPort)).toBe(true);
    expect(await reach(from, address[to]!, targetPort)).toBe(wanted);
  });

  it.each(['a', 'p', 'jail'])('%s reaches no port of the host by any of its addresses', async (from) => {
    const gateways = await Promise.all([address.a!, address.b!, address.jail!, address.platform!].map(gatewayFor));
    const own = await gatewayFor(address[from]!);
    const docker0 = await gatewayFor(address.published!);
    const targets = new Set([hostAddress(), docker0, own, ...gateways, engine.host.pool.routerGateway]);
    const probes = [...targets].flatMap((target) =>
      [hostPort, hostPort + 1].map((targetPort) => ({ target, targetPort })),
    );
    const tried = probes.map(async ({ target, targetPort }) => {
      expect(await fromHost(target, targetPort), `host → ${target}:${targetPort}`).toBe(true);
      expect(await reach(from, target, targetPort), `${from} → ${target}:${targetPort}`).toBe('closed');
    });
    await Promise.all(tried);
  });

  const atGateway: [what: string, port: number, open: string[], closed: string[]][] = [
    ['the internal router', 80, ['a', 'p', 'platform'], ['jail']],
    ['DNS', 53, ['a', 'p'], ['jail']],
    ['the data server', dataPort, ['a', 'p'], ['jail']],
    ['the port of connected machines', tetherPort, ['platform'], ['a', 'p', 'jail']],
    ['the port of connected machines for Redis', redisTetherPort, ['platform'], ['a', 'p', 'jail']],
    ['the mirror', mirrorPort, ['jail'], ['a', 'p']],
  ];
  it.each(atGateway)('%s (router gateway, %i) is open to %j, closed to %j', async (_, targetPort, open, closed) => {
    const gateway = engine.host.pool.routerGateway;
    expect(await fromHost(gateway, targetPort)).toBe(true);
    const wanted = [...open.map((from) => [from, 'open']), ...closed.map((from) => [from, 'closed'])];
    const tried = wanted.map(async ([from]) => [from, await reach(from!, gateway, targetPort)]);
    expect(await Promise.all(tried)).toEqual(wanted);
  });

  it.each([
    ['a', 'from_stable'],
    ['p', 'from_project'],
    ['jail', 'from_build'],
  ])('%s → metadata, private LAN, carrier-grade NAT: dropped by our table', async (from, chain) => {
    const pool = engine.host.pool.cidr.startsWith('100.') ? '100.127.254.254' : '100.64.0.1';
    const targets = ['169.254.169.254', '10.1.2.3', '192.168.1.1', '172.20.1.1', pool];
    const before = await dropped(chain);
    const tried = await Promise.all(targets.map((target) => reach(from, target, 80)));
    expect(tried).toEqual(targets.map(() => 'closed'));
    expect((await dropped(chain)) - before).toBeGreaterThanOrEqual(targets.length);
  });

  it('a build reaches no mail server: our table counts what it tries', async () => {
    const before = await dropped('from_build');
    // TEST-NET-2: no private range, and nobody's. Where such ports are open, firewall.integration.test.ts has a server behind them.
    const tried = await Promise.all([25, 465, 587].map((mailPort) => reach('jail', '198.51.100.1', mailPort)));
    expect(tried).toEqual(['closed', 'closed', 'closed']);
    expect((await dropped('from_build')) - before).toBeGreaterThanOrEqual(3);
  });

  it.each([['jail'], ['a'], ['p']])('%s → a package registry on the internet answers', async (from) => {
    const registry = (await run(['npm', 'config', 'get', 'registry'])).stdout.toString().trim();
    // Instances ask our DNS on the router's gateway, which is not part of this test: they get the address from the host.
    const url = new URL(registry);
    const { stdout } = await run(['getent', 'ahostsv4', url.hostname]);
    const ip = stdout.toString().split(/\s+/)[0]!;
    const targetPort = url.port || (url.protocol === 'https:' ? '443' : '80');
    const pinned = from === 'jail' ? [] : ['--resolve', `${url.hostname}:${targetPort}:${ip}`];
    const { exitCode } = await engine.inContainer(
      ids[from]!,
      'curl',
      '--silent',
      '--head',
      '--max-time',
      '20',
      ...pinned,
      registry,
    );
    expect(exitCode).toBe(0);
  });

  it('the host reaches instances: HAProxy runs there', async () => {
    for (const to of ['a', 'b', 'p']) expect(await fromHost(address[to]!, port)).toBe(true);
  });

  it('no container of ours has an IPv6 address, so there is nothing to close', async () => {
    for (const from of ['a', 'p', 'jail']) {
      const { stdout } = await engine.inContainer(ids[from]!, 'cat', '/proc/net/if_inet6');
      expect(stdout.split('\n').filter((line) => line && !line.endsWith(' lo'))).toEqual([]);
    }
  });
});
