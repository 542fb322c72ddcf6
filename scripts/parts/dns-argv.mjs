import { readFileSync } from 'node:fs';
import { dnsArgv } from '@berth/router/dns-argv';

/** Prints dnsmasq's arguments, one per line. On the host's network /etc/resolv.conf is the host's. */
const resolvers = [...readFileSync('/etc/resolv.conf', 'utf8').matchAll(/^nameserver\s+(\S+)/gm)].map(
  (match) => match[1],
);
console.log(dnsArgv({ gateway: process.env.BERTH_ROUTER_GATEWAY, resolvers }).join('\n'));
