import { dataPort } from '@berth/domain/data-port';
import type { HostNames } from '@berth/domain/host-names';
import { mirrorPort } from '@berth/domain/mirror-port';

export interface FirewallSpec {
  names: HostNames;
  /** Gateway of the router network: DNS, the internal router and the data server for instances, the registry's mirror for builds. */
  routerGateway: string;
  resolvers: readonly string[];
  allowedPrivate: Record<'stable' | 'project' | 'build', readonly string[]>;
}

/** Addresses that are not the internet: special-purpose registries of IANA (RFC 6890), multicast and above. */
const private4 =
  '0.0.0.0/8, 10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.0.0.0/24, 192.0.2.0/24, 192.168.0.0/16, 198.18.0.0/15, 224.0.0.0/3';
const private6 = '::/8, 64:ff9b::/96, 2002::/16, fc00::/7, fe80::/10, ff00::/8';
/** Bridges of any Berth and of Docker. Not `b*`: an uplink may be called bond0. */
const anyBridge = '"be*", "bj*", "bb*", "bp*", "br-*", "docker*"';
const neighbourDiscovery =
  'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, nd-router-advert } accept';
const answers = 'ct state established,related accept';

/**
 * The whole firewall of one Berth as one static nftables table: it names kinds of bridges, never a single one, so that
 * no rule is written per environment or build. Hooks run before Docker's own, and a drop here is final whatever
 * Docker's chains accept. A published port is rewritten before `forward` and is caught there by its private address;
 * a port of a host process is caught by `input`. No named sets: nft 1.1's make nft 1.0 crash (facts: jail A2).
 * The first two lines make loading it again one atomic replacement.
 */
export function firewallTable({ names, routerGateway, resolvers, allowedPrivate }: FirewallSpec): string {
  const glob = (kind: 'stable' | 'project' | 'build') => `"${names.bridgeGlob(kind)}"`;
  const environments = `{ ${glob('stable')}, ${glob('project')} }`;
  const inside = `{ ${glob('stable')}, ${glob('project')}, ${glob('build')} }`;
  const dns = resolvers.map((address) => `ip daddr ${address} meta l4proto { tcp, udp } th dport 53 accept`);
  const allow = (kind: 'stable' | 'project' | 'build') =>
    allowedPrivate[kind].length === 0 ? [] : [`ip daddr { ${allowedPrivate[kind].join(', ')} } accept`];
  const closed = [`ip daddr { ${private4} } counter drop`, `ip6 daddr { ${private6} } counter drop`];
  const fromEnvironment = (kind: 'stable' | 'project') => [
    answers,
    `oifname ${glob(kind)} fib daddr . iif oif exists accept`,
    `oifname { ${anyBridge} } counter drop`,
    ...dns,
    ...allow(kind),
    ...closed,
  ];
  const chains: Record<string, string[]> = {
    from_build: [
      answers,
      `oifname { ${anyBridge} } counter drop`,
      ...dns,
      ...allow('build'),
      ...closed,
      'tcp dport { 25, 465, 587 } counter drop',
    ],
    from_stable: fromEnvironment('stable'),
    from_project: fromEnvironment('project'),
    to_ours: [answers, 'counter drop'],
    forward: [
      'type filter hook forward priority -10; policy accept;',
      neighbourDiscovery,
      `iifname ${glob('build')} jump from_build`,
      `iifname ${glob('stable')} jump from_stable`,
      `iifname ${glob('project')} jump from_project`,
      `iifname ${environments} accept`,
      `oifname ${inside} jump to_ours`,
    ],
    input: [
      'type filter hook input priority -10; policy accept;',
      neighbourDiscovery,
      `iifname ${inside} ${answers}`,
      `iifname ${glob('build')} ip daddr ${routerGateway} tcp dport ${mirrorPort} accept`,
      `iifname ${environments} ip daddr ${routerGateway} tcp dport { 80, ${dataPort} } accept`,
      `iifname ${environments} ip daddr ${routerGateway} meta l4proto { tcp, udp } th dport 53 accept`,
      `iifname ${inside} counter drop`,
    ],
  };
  const body = Object.entries(chains)
    .map(([name, lines]) => `  chain ${name} {\n${lines.map((line) => `    ${line}\n`).join('')}  }\n`)
    .join('');
  return `table inet ${names.table}\ndelete table inet ${names.table}\ntable inet ${names.table} {\n${body}}\n`;
}
