import { sizes } from '@berth/domain/sizes';
import { expect, test } from 'vitest';
import { toWireSize } from './formation.js';

test('sizes go out by the names that the CLI knows', () => {
  expect(sizes.map(({ name }) => toWireSize(name))).toEqual(['Standard-1X', 'Standard-2X', 'Performance-M']);
});
