import { expect, test } from 'vitest';
import { Engine } from './engine.mjs';
import { findExecAddress, wantedAddress } from './exec-address.mjs';
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
  const find = (/** @type {string} */ address) =>
    findExecAddress(readSettings({ BERTH_INSTANCE: 'none', BERTH_EXEC_ADDRESS: address }), new Engine('/nowhere'));
  expect(await find('off')).toEqual({});
  expect(await find('a.example')).toEqual({
    reason: 'heroku ps:exec is off: BERTH_EXEC_ADDRESS=a.example is no IPv4 address.',
  });
  expect(await find('192.0.2.1')).toEqual({ reason: 'heroku ps:exec is off: 192.0.2.1 is no address of this host.' });
});
