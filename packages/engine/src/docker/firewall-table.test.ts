import { hostNames } from '@berth/domain/host-names';
import { describe, expect, it } from 'vitest';
import { firewallTable } from './firewall-table.js';

const allowedPrivate = { stable: [], project: [], build: [] };

describe('the firewall table', () => {
  const names = hostNames('berth');
  const table = firewallTable({ names, routerGateway: '100.64.1.1', resolvers: ['10.0.0.2'], allowedPrivate });

  it('is this', () => expect(table).toMatchSnapshot());

  it('names kinds of bridges and its own Berth only', () => {
    const other = firewallTable({
      names: hostNames('other'),
      routerGateway: '100.80.1.1',
      resolvers: [],
      allowedPrivate,
    });
    expect(other).not.toContain(names.tag);
    expect(table.match(/"b[ejb][0-9a-f]{4}-\*"/g)?.length).toBeGreaterThan(10);
  });

  it('allows private ranges per kind, before they are closed', () => {
    const some = firewallTable({
      names,
      routerGateway: '100.64.1.1',
      resolvers: [],
      allowedPrivate: { ...allowedPrivate, project: ['10.1.0.0/16', '10.2.0.0/16'] },
    });
    const project = some.split('chain from_project')[1]!.split('}\n')[0]!;
    expect(project.indexOf('ip daddr { 10.1.0.0/16, 10.2.0.0/16 } accept')).toBeGreaterThan(0);
    expect(some.match(/10\.1\.0\.0/g)).toHaveLength(1);
  });
});
