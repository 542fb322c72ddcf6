import { expect, test } from 'vitest';
import type { WantedBackend } from './route-table.js';
import { planSlots } from './slots.js';

const backend = (rolloutId: string, slot: string | null, healthStrict = false): WantedBackend => ({
  rolloutId,
  appId: 'a',
  slot,
  healthPath: '/',
  healthStrict,
  isRetired: false,
  servers: [],
});
const plan = (backends: WantedBackend[], stock = { any: 4, strict: 2 }, busy: string[] = []) =>
  planSlots({ environments: [], routes: [], backends }, stock, new Set(busy));

test('a rollout gets a slot of the kind that its health check needs', () => {
  expect(plan([backend('r1', null), backend('r2', null, true)]).assign).toEqual([
    { rolloutId: 'r1', slot: 'any1' },
    { rolloutId: 'r2', slot: 'strict1' },
  ]);
});

test('the lowest free slot is given', () => {
  expect(plan([backend('r1', 'any2'), backend('r2', null)]).assign).toEqual([{ rolloutId: 'r2', slot: 'any1' }]);
  expect(plan([backend('r1', 'any1'), backend('r2', null)]).assign).toEqual([{ rolloutId: 'r2', slot: 'any2' }]);
});

test('a slot that still holds servers is nobody’s', () => {
  expect(plan([backend('r2', null)], { any: 4, strict: 1 }, ['any1']).assign).toEqual([
    { rolloutId: 'r2', slot: 'any2' },
  ]);
});

test('the stock doubles when three quarters are in use', () => {
  const three = ['any1', 'any2', 'any3'].map((slot) => backend(slot, slot));
  expect(plan(three).stock).toEqual({ any: 4, strict: 2 });
  expect(plan([...three, backend('r4', null)])).toEqual({
    assign: [{ rolloutId: 'r4', slot: 'any4' }],
    stock: { any: 8, strict: 2 },
  });
});

test('a stock on record that is larger than the settings is kept', () => {
  expect(plan([backend('r1', 'any17')]).stock).toEqual({ any: 32, strict: 2 });
});
