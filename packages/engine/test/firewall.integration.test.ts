import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runOnHostNetwork } from '../src/docker/host-network-container.js';
import { type Family, type FirewallLab, openFirewallLab } from './firewall-lab.js';
import { openTestEngine, type TestEngine } from './open-engine.js';
import type { Verdict } from './reach.js';

/**
 * What no test machine's own network has: IPv6, private LANs that answer, mail servers on the internet. Each "closed" was open
 * before the table was loaded.
 */
describe('the table with packets, in a network namespace of its own', () => {
  let lab: FirewallLab;

  const closedInBoth: [from: string, to: string][] = [
    ...(['b', 'p', 'jail', 'platform', 'host'] as const).map((to): [string, string] => ['a', to]),
    ...(['a', 'q', 'jail', 'platform', 'host'] as const).map((to): [string, string] => ['p', to]),
    ...(['a', 'b', 'p', 'jail2', 'platform', 'host'] as const).map((to): [string, string] => ['jail', to]),
    ...(['a', 'p', 'jail'] as const).map((to): [string, string] => ['platform', to]),
    ...(['a', 'p', 'jail'] as const).map((to): [string, string] => ['internet', to]),
  ];
  const rows: [from: string, to: string, family: Family, port: number, wanted: Verdict][] = [
    ...closedInBoth.flatMap(([from, to]): typeof rows => [
      [from, to, 'IPv4', 8080, 'closed'],
      [from, to, 'IPv6', 8080, 'closed'],
    ]),
    ...(['IPv4', 'IPv6'] as const).flatMap((family): typeof rows => [
      ['a', 'a2', family, 8080, 'open'],
      ['p', 'p2', family, 8080, 'open'],
      ['a', 'internet', family, 8080, 'open'],
      ['p', 'internet', family, 8080, 'open'],
      ['jail', 'internet', family, 8080, 'open'],
      ['a', 'internet', family, 25, 'open'],
      ['p', 'internet', family, 587, 'open'],
      ['jail', 'internet', family, 25, 'closed'],
      ['jail', 'internet', family, 465, 'closed'],
      ['jail', 'internet', family, 587, 'closed'],
    ]),
    ['a', 'lan-of-stable', 'IPv4', 8080, 'open'],
    ['a', 'lan-of-project', 'IPv4', 8080, 'closed'],
    ['a', 'lan-of-build', 'IPv4', 8080, 'closed'],
    ['p', 'lan-of-stable', 'IPv4', 8080, 'closed'],
    ['p', 'lan-of-project', 'IPv4', 8080, 'open'],
    ['p', 'lan-of-build', 'IPv4', 8080, 'closed'],
    ['jail', 'lan-of-stable', 'IPv4', 8080, 'closed'],
    ['jail', 'lan-of-project', 'IPv4', 8080, 'closed'],
    ['jail', 'lan-of-build', 'IPv4', 8080, 'open'],
    ['a', 'lan-of-stable', 'IPv6', 8080, 'closed'],
    ['p', 'lan-of-project', 'IPv6', 8080, 'closed'],
    ['jail', 'lan-of-build', 'IPv6', 8080, 'closed'],
  ];

  beforeAll(async () => {
    lab = await openFirewallLab();
    // The kernel takes a second or two until IPv6 neighbours are found across a fresh bridge.
    await Promise.all(
      rows.map(([from, to, family, port]) =>
        vi.waitUntil(async () => (await lab.reach(from, to, family, port)) === 'open', { timeout: 60_000 }),
      ),
    );
    await lab.loadTable();
  }, 120_000);
  afterAll(() => lab?.close());

  it.concurrent.each(rows)('%s → %s by %s, port %i: %s', async (from, to, family, port, wanted) => {
    expect(await lab.reach(from, to, family, port)).toBe(wanted);
  });
});

describe('the firewall table', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await openTestEngine();
  });
  afterAll(() => engine.close());

  it('opens the private ranges that are allowed, and no other', async () => {
    const list = () =>
      runOnHostNetwork(engine.host, { argv: ['nft', 'list', 'table', 'inet', engine.host.names.table] });
    expect(await list()).not.toContain('10.55.0.0/16');
    const other = await openTestEngine({ allowedPrivate: { stable: ['10.55.0.0/16'], project: [], build: [] } });
    try {
      const table = await runOnHostNetwork(other.host, {
        argv: ['nft', 'list', 'table', 'inet', other.host.names.table],
      });
      expect(table.split('chain from_project')[0]).toContain('ip daddr 10.55.0.0/16 accept');
      expect(table.match(/10\.55\.0\.0/g)).toHaveLength(1);
    } finally {
      await other.close();
    }
  });

  it('is replaced as a whole when it is loaded again, also by another host process', async () => {
    const table = await runOnHostNetwork(engine.host, {
      argv: ['nft', '--stateless', 'list', 'table', 'inet', engine.host.names.table],
    });
    const twin = await openTestEngine({ ...engine.settings });
    expect(
      await runOnHostNetwork(twin.host, {
        argv: ['nft', '--stateless', 'list', 'table', 'inet', twin.host.names.table],
      }),
    ).toBe(table);
    await twin.stop();
  });
});
