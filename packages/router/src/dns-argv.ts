/**
 * dnsmasq's command line: `*.internal` is the router's gateway, everything else goes to the host's resolvers. It runs on the
 * host's network, bound to the gateway of the router network, which may come up after it (`bind-dynamic`).
 *
 * `resolvers`: addresses of the resolvers that the host itself uses.
 */
export function dnsArgv({ gateway, resolvers }: { gateway: string; resolvers: readonly string[] }): string[] {
  return [
    'dnsmasq',
    '--keep-in-foreground',
    '--conf-file=/dev/null',
    '--user=root', // binds port 53 and has nothing to drop to in its container
    '--log-facility=-',
    '--pid-file',
    `--listen-address=${gateway}`,
    '--bind-dynamic',
    '--no-resolv',
    '--no-hosts',
    '--cache-size=2000',
    `--address=/internal/${gateway}`,
    '--local=/internal/', // other types of these names are answered here, with no data: never asked outside
    ...resolvers.map((resolver) => `--server=${resolver}`),
  ];
}
