import { expect, test } from 'vitest';
import { dnsArgv } from './dns-argv.js';

test('internal names are the gateway, all else goes to the host’s resolvers', () => {
  expect(dnsArgv({ gateway: '100.64.1.1', resolvers: ['10.0.0.2', '1.1.1.1'] })).toMatchInlineSnapshot(`
    [
      "dnsmasq",
      "--keep-in-foreground",
      "--conf-file=/dev/null",
      "--user=root",
      "--log-facility=-",
      "--pid-file",
      "--listen-address=100.64.1.1",
      "--bind-dynamic",
      "--no-resolv",
      "--no-hosts",
      "--cache-size=2000",
      "--address=/internal/100.64.1.1",
      "--local=/internal/",
      "--server=10.0.0.2",
      "--server=1.1.1.1",
    ]
  `);
});
