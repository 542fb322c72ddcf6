import { expect, test } from 'vitest';
import { diffTables, filesTable, librariesOf, toTable } from './promotion-diff.js';

test('what was added, removed and changed, by name', () => {
  expect(diffTables({ a: '1', b: '1', c: '1' }, { b: '2', c: '1', d: '1' })).toEqual([
    { name: 'a', from: '1', to: null },
    { name: 'b', from: '1', to: '2' },
    { name: 'd', from: null, to: '1' },
  ]);
});

test('names that every object has are names like others', () => {
  expect(diffTables({}, { constructor: 'a' })).toEqual([{ name: 'constructor', from: null, to: 'a' }]);
  expect(diffTables({ toString: 'a' }, {})).toEqual([{ name: 'toString', from: 'a', to: null }]);
});

test('how an image runs', () => {
  const processTypes = [
    { name: 'web', command: 'node .', singleton: false },
    { name: 'clock', command: 'node clock', singleton: true },
  ];
  const agents = [
    { name: 'metrics', command: 'agent' },
    { name: 'proxy', command: 'proxy', processes: ['web'] },
  ];
  const healthcheck = { path: '/', timeoutMs: 60_000, strict: false };
  const cron = [{ schedule: '@daily', command: 'node nightly' }];
  expect(toTable({ processTypes, healthcheck, agents, cron })).toEqual({
    web: 'node .',
    clock: 'node clock (singleton)',
    healthcheck: '{"path":"/","timeoutMs":60000,"strict":false}',
    'agent metrics': 'agent',
    'agent proxy': 'proxy (beside web)',
    'cron.1': '{"schedule":"@daily","command":"node nightly"}',
  });
});

test('what else the files say: first quantities and sizes, needs, postdeploy, sections of other environments', () => {
  const web = { name: 'web', command: 'node .', singleton: false };
  const image = {
    ...{ healthcheck: null, agents: [], cron: [], needs: ['orders', 'users'], postdeploy: 'node seed' },
    processTypes: [web, { name: 'worker', command: 'node work', singleton: false, size: 'standard-2x' }],
    environments: {
      qa: { processes: { web: { quantity: 2, size: 'standard-2x' } } },
      production: { processes: { web: { quantity: 4 } } },
    },
  };
  expect(filesTable(image, ['qa'])).toEqual({
    ...{ web: 'node .', 'web at first': '2 × standard-2x', worker: 'node work', 'worker at first': 'standard-2x' },
    ...{ needs: 'orders, users', postdeploy: 'node seed' },
    'environment production': '{"processes":{"web":{"quantity":4}}}',
  });
  const bare = { ...image, needs: [], postdeploy: null, environments: {} };
  expect(filesTable(bare, [])).toEqual({ web: 'node .', worker: 'node work', 'worker at first': 'standard-2x' });
  // Made before there was a section: what is in force now is shown by the rest.
  expect(filesTable(image, [], ['qa'])).not.toHaveProperty('environment qa');
});

test('the libraries of an SBOM, each with all its versions', () => {
  const library = (purl: string, version: string) => ({ type: 'library', purl, version });
  const components = [
    library('pkg:npm/%40types/node@22.1.0', '22.1.0'),
    library('pkg:npm/ms@2.1.3', '2.1.3'),
    library('pkg:npm/ms@2.0.0', '2.0.0'),
    library('pkg:deb/debian/zlib1g@1.3?arch=amd64', '1.3'),
    { type: 'container', purl: 'pkg:oci/app@sha256:1', version: '1' },
  ];
  expect(librariesOf({ components })).toEqual({
    'npm/@types/node': '22.1.0',
    'npm/ms': '2.0.0, 2.1.3',
    'deb/debian/zlib1g': '1.3',
  });
  expect(librariesOf({})).toEqual({});
});
