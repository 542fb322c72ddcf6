import { expect, test } from 'vitest';
import { mergeLayers } from './merge-layers';

const of = (key: string, value: string) => ({ key, value, isSecret: false, updatedAt: new Date(0) });

test('the nearest layer wins, and says which ones it hides', () => {
  const rows = mergeLayers([
    { origin: 'team a', vars: [of('REGION', 'eu'), of('LEVEL', 'info')] },
    { origin: 'base environment daily', vars: [of('REGION', 'us')] },
    { origin: 'environment red', vars: [of('REGION', 'asia'), of('COLOUR', 'red')] },
  ]);
  expect(rows.map(({ key, value, origin, isNearest }) => [key, value, origin, isNearest])).toEqual([
    ['COLOUR', 'red', 'environment red', true],
    ['LEVEL', 'info', 'team a', false],
    ['REGION', 'asia', 'environment red', true],
  ]);
  expect(rows[2]?.hides).toEqual(['team a', 'base environment daily']);
});
