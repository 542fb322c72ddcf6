import { randomBytes } from 'node:crypto';
import { type HostNames, hostNames } from '@berth/domain/host-names';
import Docker from 'dockerode';
import { needed } from '../../daemon/test/needed.js';
import { execIn } from '../src/docker/exec.js';
import { firewallTable } from '../src/docker/firewall-table.js';
import { reach, type Verdict } from './reach.js';

/** A host in a network namespace of its own, that forwards IPv4 and IPv6, with a namespace for each of those who live on it. */
export interface FirewallLab {
  /** From the one to the other (`host`: the lab's host by the gateway of who asks). */
  reach: (from: string, to: string, family: Family, port?: number) => Promise<Verdict>;
  loadTable: () => Promise<void>;
  close: () => Promise<void>;
}
export type Family = 'IPv4' | 'IPv6';

/** Who lives where; `internet` and the LANs hang on uplinks, which are no bridges of ours. */
const bridges = (names: HostNames): Record<string, string[]> => ({
  [names.bridge('stable', 'a')]: ['a', 'a2'],
  [names.bridge('stable', 'b')]: ['b'],
  [names.bridge('project', 'p')]: ['p', 'p2'],
  [names.bridge('project', 'q')]: ['q'],
  [names.bridge('build', 'jail')]: ['jail'],
  [names.bridge('build', 'jail2')]: ['jail2'],
  [names.bridge('platform', 'platform')]: ['platform'],
  up0: ['internet'],
  up1: ['lan-of-stable'],
  up2: ['lan-of-project'],
  up3: ['lan-of-build'],
});
const port = 8080;
const mailPorts = [25, 465, 587];

/** What of an address differs: addresses outside of all private ranges for the internet, private ones for the LANs, the pool's else. */
const prefixes: Record<string, [v4: string, v6: string]> = {
  up0: ['198.51.100', '2001:db8:ff'],
  up1: ['10.55.1', 'fd55:0:1'],
  up2: ['10.55.2', 'fd55:0:2'],
  up3: ['10.55.3', 'fd55:0:3'],
};

const serve = (ports: number[]) =>
  `perl -MIO::Socket::IP -e 'my $s = IO::Socket::IP->new(LocalAddr => "::", LocalPort => shift, V6Only => 0, Listen => 50, ReuseAddr => 1) or die $@; while (my $c = $s->accept) { sysread $c, my $x, 4096; print $c "HTTP/1.0 200 OK\\r\\n\\r\\nhi"; close $c }'`
    .replace(/^/, `for p in ${ports.join(' ')}; do `)
    .concat(' $p </dev/null >/dev/null 2>&1 & done');

/** The lab without the table: everyone reaches everyone. */
export async function openFirewallLab(): Promise<FirewallLab> {
  const names = hostNames(`lab${randomBytes(3).toString('hex')}`);
  const addresses: Record<string, { IPv4: string; IPv6: string; gateway: { IPv4: string; IPv6: string } }> = {};
  const script = ['set -e', 'ip link set lo up', serve([port])];
  Object.entries(bridges(names)).forEach(([bridge, members], index) => {
    const [v4, v6] = prefixes[bridge] ?? [`100.120.${index}`, `fd00:0:${index}`];
    const gateway = { IPv4: `${v4}.1`, IPv6: `${v6}::1` };
    script.push(`ip link add ${bridge} type bridge`, `ip link set ${bridge} up`);
    script.push(`ip addr add ${gateway.IPv4}/24 dev ${bridge}`, `ip addr add ${gateway.IPv6}/64 dev ${bridge} nodad`);
    members.forEach((name, place) => {
      const own = { IPv4: `${v4}.${place + 2}`, IPv6: `${v6}::${place + 2}` };
      addresses[name] = { ...own, gateway };
      script.push(`ip netns add ${name}`, `ip link add v${index}-${place} type veth peer name eth0 netns ${name}`);
      script.push(`ip link set v${index}-${place} master ${bridge}`, `ip link set v${index}-${place} up`);
      const inside = ['link set lo up', 'link set eth0 up', `addr add ${own.IPv4}/24 dev eth0`];
      inside.push(`addr add ${own.IPv6}/64 dev eth0 nodad`, `route add default via ${gateway.IPv4}`);
      for (const line of [...inside, `-6 route add default via ${gateway.IPv6}`]) script.push(`ip -n ${name} ${line}`);
      script.push(`ip netns exec ${name} bash -c '${serve([port, ...mailPorts]).replaceAll("'", `'\\''`)}'`);
    });
  });

  const docker = new Docker({ socketPath: process.env.DOCKER_SOCKET ?? '/var/run/docker.sock' });
  const container = await docker.createContainer(labOptions());
  await container.start();
  const run = (...argv: string[]) => execIn(container, { argv: argv as [string, ...string[]] }, () => {});
  const ran = async (...argv: string[]) => {
    let said = '';
    const { exitCode } = await execIn(container, { argv: argv as [string, ...string[]] }, (_, chunk) => {
      said += chunk;
    });
    if (exitCode !== 0) throw new Error(`The lab's ${argv[0]} ended with ${exitCode}: ${said}`);
  };
  const close = () => container.remove({ force: true });
  const lab: FirewallLab = {
    reach: (from, to, family, target = port) =>
      reach(
        (...argv) => run('ip', 'netns', 'exec', from, ...argv),
        to === 'host' ? addresses[from]!.gateway[family] : addresses[to]![family],
        target,
      ),
    loadTable: () => {
      const allowedPrivate = { stable: ['10.55.1.0/24'], project: ['10.55.2.0/24'], build: ['10.55.3.0/24'] };
      const table = firewallTable({ names, routerGateway: '100.120.255.1', resolvers: [], allowedPrivate });
      return ran('bash', '-c', `nft -f - <<'end'\n${table}\nend`);
    },
    close,
  };
  await ran('bash', '-c', script.join('\n')).catch(async (error) => {
    await close();
    throw error;
  });
  return lab;
}

/** SYS_ADMIN makes namespaces inside of its own; nothing of it is the host's. */
function labOptions(): Docker.ContainerCreateOptions {
  return {
    Image: needed('BERTH_PLATFORM_IMAGE'),
    Entrypoint: ['/usr/bin/tini', '--', 'sleep', 'infinity'],
    User: '0:0',
    HostConfig: {
      NetworkMode: 'none',
      CapAdd: ['NET_ADMIN', 'SYS_ADMIN'],
      SecurityOpt: ['apparmor=unconfined'],
      Sysctls: {
        'net.ipv4.ip_forward': '1',
        'net.ipv6.conf.all.forwarding': '1',
        'net.ipv6.conf.all.disable_ipv6': '0',
        'net.ipv6.conf.default.disable_ipv6': '0',
      },
      Tmpfs: { '/run': '' },
    },
  };
}
