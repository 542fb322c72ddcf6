import { sizes } from '@berth/domain/sizes';
import { expect, test } from 'vitest';
import { toWireSize } from './formation.js';

test('sizes go out by the names that the CLI knows', () => {
  expect(Object.keys(sizes).map(toWireSize)).toEqual(['Standard-1X', 'Standard-2X', 'Performance-M']);
});
