import { expect, test } from 'vitest';
import { commandLine } from './command-line.js';
import { mapContents, type RouterMaps } from './maps.js';
import { planChanges } from './plan-changes.js';
import type { WantedEnvironment } from './route-table.js';

const environment = (id: string, changes: Partial<WantedEnvironment> = {}): WantedEnvironment => ({
  ...{ id, name: `name-of-${id}`, teamId: 'team', baseId: null, subnet: null },
  ...changes,
});
const placesOf = (environments: WantedEnvironment[]) => {
  const { subnets, marks } = mapContents({ environments, routes: [], backends: [] });
  return { subnets: Object.fromEntries(subnets), marks: Object.fromEntries(marks) };
};

test('a caller’s network says its environment and what answers for it; only projects have a name to be marked with', () => {
  const daily = environment('daily', { subnet: '100.64.16.0/22' });
  const project = environment('pa', { baseId: 'daily', subnet: '100.64.20.0/25' });
  expect(placesOf([daily, project])).toEqual({
    subnets: { '100.64.16.0/22': 'daily:daily', '100.64.20.0/25': 'pa:daily:name-of-pa' },
    marks: { 'daily/name-of-pa': 'pa:daily:name-of-pa' },
  });
});

test('a project can be named before it has a network', () => {
  expect(placesOf([environment('daily'), environment('pa', { baseId: 'daily' })])).toEqual({
    subnets: {},
    marks: { 'daily/name-of-pa': 'pa:daily:name-of-pa' },
  });
});

test('a base that is gone, or of another team, answers for nothing', () => {
  const stray = { baseId: 'daily', subnet: '100.64.20.0/25' };
  const alone = { subnets: { '100.64.20.0/25': 'pa:pa' }, marks: {} };
  expect(placesOf([environment('pa', stray)])).toEqual(alone);
  expect(placesOf([environment('daily', { teamId: 'others' }), environment('pa', stray)])).toEqual(alone);
});

test('one more project upon a base is two entries, however many services there are', () => {
  const daily = environment('daily', { subnet: '100.64.16.0/22' });
  const before = { environments: [daily], routes: [], backends: [] };
  const after = {
    ...before,
    environments: [daily, environment('pa', { baseId: 'daily', subnet: '100.64.20.0/25' })],
  };
  const maps: RouterMaps = mapContents(before);
  const { changes } = planChanges(after, { servers: [], maps, isFresh: false });
  expect(changes.map((change) => commandLine('/d', change))).toEqual([
    'add map /d/maps/subnets.map 100.64.20.0/25 pa:daily:name-of-pa',
    'add map /d/maps/marks.map daily/name-of-pa pa:daily:name-of-pa',
  ]);
});

test('a detour stands for a service of its environment, whether that has it or not, until it is over', () => {
  const app = { hosts: ['b--pa.localhost'], maintenance: false, version: 1, appliedVersion: 1, rolloutId: null };
  const table = {
    environments: [environment('daily'), environment('pa', { baseId: 'daily' })],
    routes: [{ ...app, appId: 'b', environmentId: 'pa', service: 'b' }],
    backends: [],
  };
  const detour = { id: 'd1', environmentId: 'pa', service: 'b', leaseUntil: 1 };
  const detours = [detour, { ...detour, id: 'd2', service: 'mail' }];
  const maps = mapContents({ ...table, detours });
  expect(Object.fromEntries(maps.internal)).toEqual({ 'pa/b.internal': '~d:d1', 'pa/mail.internal': '~d:d2' });
  expect(Object.fromEntries(maps.edge)).toEqual({ 'b--pa.localhost': '~d:d1' });
  const { changes } = planChanges(table, { servers: [], maps, isFresh: false });
  expect(changes.map((change) => commandLine('/d', change))).toEqual([
    'set map /d/maps/edge.map b--pa.localhost ~e',
    'set map /d/maps/internal.map pa/b.internal ~e',
    'del map /d/maps/internal.map pa/mail.internal',
  ]);
});
