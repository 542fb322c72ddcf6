import { expect, test } from 'vitest';
import { parseServers } from './server-state.js';

const states = (...rows: string[]) =>
  ['1', '# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_port', ...rows].join('\n');
const stats = (...rows: string[]) =>
  ['# pxname,svname,scur,status,check_status,check_code,check_rise,check_health', ...rows, ''].join('\n');

test('a failing server in drain is told from one in rotation, though HAProxy prints DOWN for both', () => {
  const parsed = parseServers(
    states('7 any1 1 i1 100.64.16.2 0 8 8080', '7 any1 2 i2 100.64.16.3 0 0 8080'),
    stats('any1,i1,0,DOWN,L4CON,,1,0', 'any1,i2,3,DOWN,* L7STS,500,1,0'),
  );
  expect(parsed).toEqual([
    {
      slot: 'any1',
      name: 'i1',
      address: '100.64.16.2',
      port: 8080,
      admin: 'drain',
      health: 'failing',
      lastCheck: 'L4CON',
      open: 0,
    },
    {
      slot: 'any1',
      name: 'i2',
      address: '100.64.16.3',
      port: 8080,
      admin: 'ready',
      health: 'failing',
      lastCheck: 'L7STS/500',
      open: 3,
    },
  ]);
});

test('before the first check a server is neither healthy nor failing', () => {
  const one = (stat: string, admin = '8') =>
    parseServers(states(`7 any1 1 i1 100.64.16.2 2 ${admin} 8080`), stats(stat))[0];
  expect(one('any1,i1,0,DRAIN 0/3,INI,,1,0')).toMatchObject({ health: 'initial', lastCheck: null, admin: 'drain' });
  expect(one('any1,i1,0,MAINT,,,,', '1')).toMatchObject({ health: 'off', admin: 'maint' });
  expect(one('any1,i1,0,DRAIN,L7OK,200,1,3')).toMatchObject({ health: 'passing', lastCheck: 'L7OK/200' });
});
