import { expect, test } from 'vitest';
import { Engine } from './engine.mjs';
import { findExecAddress, ownPortAt, wantedAddress } from './exec-address.mjs';
import { readSettings } from './settings.mjs';

const local = { BERTH_EXEC_ADDRESS: '', BERTH_DOMAIN: 'localhost', BERTH_PORT: '5000' };

test('each Berth of a machine has an address of its own for heroku ps:exec', () => {
  expect(wantedAddress(local)).toBe('127.80.19.136');
  expect(wantedAddress({ ...local, BERTH_PORT: '5600' })).toBe('127.80.21.224');
  expect(wantedAddress({ ...local, BERTH_EXEC_ADDRESS: '127.0.0.80' })).toBe('127.0.0.80');
});

test('it is off when it is said, and on a server as long as no address is', () => {
  expect(wantedAddress({ ...local, BERTH_EXEC_ADDRESS: 'off' })).toBeUndefined();
  expect(wantedAddress({ ...local, BERTH_DOMAIN: 'paas.example.com' })).toBeUndefined();
  const server = { ...local, BERTH_DOMAIN: 'paas.example.com', BERTH_EXEC_ADDRESS: '192.0.2.7' };
  expect(wantedAddress(server)).toBe('192.0.2.7');
});

test('an address that can’t be had is a sentence, and no reason not to start', async () => {
  const find = (/** @type {string} */ address, more = {}) =>
    findExecAddress(
      readSettings({ BERTH_INSTANCE: 'none', BERTH_EXEC_ADDRESS: address, ...more }),
      new Engine('/nowhere'),
    );
  expect(await find('off')).toEqual({});
  expect(await find('a.example')).toEqual({
    reason: 'heroku ps:exec is off: BERTH_EXEC_ADDRESS=a.example is no IPv4 address.',
  });
  expect(await find('192.0.2.1')).toEqual({ reason: 'heroku ps:exec is off: 192.0.2.1 is no address of this host.' });
  expect(await find('127.0.0.1', { BERTH_APPS_PORT: '80' })).toEqual({
    reason:
      "heroku ps:exec is off: port 80 of 127.0.0.1 is Berth's own (BERTH_APPS_PORT=80). Choose another address, and one address for BERTH_BIND_ADDRESS.",
  });
});

test('it takes nothing away from the web at port 80', () => {
  const { chosen } = readSettings({ BERTH_INSTANCE: 'none' });
  const web = { ...chosen, BERTH_DOMAIN: 'paas.example.com', BERTH_APPS_PORT: '80' };
  expect(ownPortAt(web, '192.0.2.7')).toBe('BERTH_APPS_PORT'); // at all addresses
  expect(ownPortAt({ ...web, BERTH_BIND_ADDRESS: '0.0.0.0' }, '192.0.2.7')).toBe('BERTH_APPS_PORT');
  expect(ownPortAt(web, '127.0.0.1')).toBe('BERTH_APPS_PORT');
  expect(ownPortAt(web, '127.0.0.80')).toBeUndefined();
  const one = { ...web, BERTH_BIND_ADDRESS: '192.0.2.6' };
  expect(ownPortAt(one, '192.0.2.6')).toBe('BERTH_APPS_PORT');
  expect(ownPortAt(one, '192.0.2.7')).toBeUndefined();
  expect(ownPortAt({ ...web, BERTH_APPS_PORT: '8080' }, '192.0.2.7')).toBeUndefined();
  expect(ownPortAt({ ...web, BERTH_APPS_PORT: '8080', BERTH_PORT: '80' }, '192.0.2.7')).toBe('BERTH_PORT');
});
