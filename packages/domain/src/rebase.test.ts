import { expect, test } from 'vitest';
import { describeRebase, diffPackages, planWaves, rebaseWish } from './rebase.js';

test('a release says what it lies on now', () => {
  const from = { name: 'x', digest: 'sha256:1' };
  const stack = { from, to: { name: 'berth-13', version: '20261121', digest: 'sha256:2' } };
  const runtime = { from, to: { name: 'node', version: '24.21.1', digest: 'sha256:3' } };
  const titleOf = () => 'Node.js';
  expect(describeRebase({ stack, runtime }, titleOf)).toBe('Rebase onto berth-13 2026-11-21 / Node.js 24.21.1');
  expect(describeRebase({ stack }, titleOf)).toBe('Rebase onto berth-13 2026-11-21');
  expect(describeRebase({ runtime }, titleOf)).toBe('Rebase onto Node.js 24.21.1');
});

test('packages that differ are told with both versions', () => {
  expect(diffPackages(['a=1', 'b=2:1.0=x', 'c=1'], ['a=1', 'b=2:1.1=x', 'd=1'])).toEqual([
    { name: 'b', from: '2:1.0=x', to: '2:1.1=x' },
    { name: 'c', from: '1', to: null },
    { name: 'd', from: null, to: '1' },
  ]);
});

test('waves begin with what fewest depend on', () => {
  const apps = [
    { name: 'shop', kind: 'stable' as const, position: 2 },
    { name: 'shop-daily', kind: 'stable' as const, position: 0 },
    { name: 'shop--feature', kind: 'project' as const, position: 0 },
    { name: 'blog', kind: 'stable' as const, position: 2 },
  ];
  expect(planWaves(apps, 2).map(({ app, wave }) => [app.name, wave])).toEqual([
    ['shop--feature', 0],
    ['shop-daily', 0],
    ['blog', 1],
    ['shop', 1],
  ]);
});

test('a wish names a stack or a runtime, and nothing that leads elsewhere in the registry', () => {
  const isWish = (wish: object) => rebaseWish.safeParse(wish).success;
  for (const stack of ['berth-13', 'berth-13:20261121', 'berth-13:20261121.2']) expect(isWish({ stack })).toBe(true);
  for (const runtime of ['node', 'node@24.21.1', 'rust@nightly-2025-11-20']) expect(isWish({ runtime })).toBe(true);
  for (const stack of ['', 'berth-13:', 'berth-13:../../app/x', 'berth-13:x?y']) expect(isWish({ stack })).toBe(false);
  for (const runtime of ['', 'node@', 'node@../x', 'node@1%2f']) expect(isWish({ runtime })).toBe(false);
});
