import { describe, expect, it } from 'vitest';
import type { Surroundings } from './environment-policy.js';
import { joinFormation, parseQuantity, underSection } from './formation.js';

const type = (name: string) => ({ name, command: `run ${name}`, singleton: false });

const stable = { kind: 'stable' as const, policy: {}, base: null };
const project = { kind: 'project' as const, policy: {}, base: { policy: { size: 'performance-m' } } };

describe('formation', () => {
  it('has first quantities for what was never scaled, and no release process', () => {
    const types = [type('web'), type('worker'), type('release')];
    const rows = [{ processType: 'old', quantity: 5, size: 'standard-2x' }];
    expect(joinFormation(rows, types, stable).map(({ processType, quantity }) => [processType, quantity])).toEqual([
      ['web', 1],
      ['worker', 0],
    ]);
  });

  it('has the first scale that the image says, until somebody scales', () => {
    const types = [{ ...type('web'), quantity: 2, size: 'standard-2x' }];
    expect(joinFormation([], types, stable)).toMatchObject([{ quantity: 2, size: 'standard-2x' }]);
    const rows = [{ processType: 'web', quantity: 5, size: 'standard-1x' }];
    expect(joinFormation(rows, types, stable)).toMatchObject([{ quantity: 5, size: 'standard-1x' }]);
  });

  it('has one of each at the most in a project environment, until somebody scales', () => {
    const types = [{ ...type('web'), quantity: 4 }, type('worker')];
    const quantities = (rows: { processType: string; quantity: number; size: string }[]) =>
      joinFormation(rows, types, project).map(({ quantity }) => quantity);
    expect(quantities([])).toEqual([1, 0]);
    expect(quantities([{ processType: 'web', quantity: 3, size: 'standard-1x' }])).toEqual([3, 0]);
  });

  it('has no more at first than the environment allows, whatever its files say', () => {
    const types = [
      { ...type('web'), quantity: 4 },
      { ...type('worker'), quantity: 1 },
    ];
    const limited = { kind: 'stable' as const, policy: { quantityMax: 2 }, base: null };
    expect(joinFormation([], types, limited).map(({ quantity }) => quantity)).toEqual([2, 1]);
  });

  it("has its environment's size where its files name none; a project environment's is its base's", () => {
    const sizes = (environment: Surroundings) =>
      joinFormation([], [type('web'), { ...type('worker'), size: 'standard-1x' }], environment).map(({ size }) => size);
    expect(sizes(stable)).toEqual(['standard-1x', 'standard-1x']);
    expect(sizes({ ...stable, policy: { size: 'standard-2x' } })).toEqual(['standard-2x', 'standard-1x']);
    expect(sizes(project)).toEqual(['performance-m', 'standard-1x']);
  });

  it("begins in a project environment with the base's, and what the section of projects says over it", () => {
    const rows = [
      { processType: 'web', quantity: 1, size: 'standard-2x' },
      { processType: 'worker', quantity: 1, size: 'standard-1x' },
      { processType: 'clock', quantity: 0, size: 'standard-1x' },
    ];
    const processes = {
      web: { size: 'standard-1x' },
      worker: { quantity: 0 },
      clock: { quantity: 3 },
      other: { quantity: 1 },
    };
    expect(underSection(rows, { processes }).map(({ quantity, size }) => [quantity, size])).toEqual([
      [1, 'standard-1x'],
      [0, 'standard-1x'],
      [1, 'standard-1x'],
    ]);
    expect(underSection(rows, {})).toEqual(rows);
  });

  it('reads quantities and steps', () => {
    expect([parseQuantity(2, 5), parseQuantity(2, '5'), parseQuantity(2, '+1'), parseQuantity(2, '-3')]).toEqual([
      5, 5, 3, 0,
    ]);
    for (const wrong of ['', 'two', '1.5', -1, 101, '+99', Number.NaN]) expect(() => parseQuantity(2, wrong)).toThrow();
  });
});
