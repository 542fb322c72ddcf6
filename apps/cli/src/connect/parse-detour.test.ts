import { expect, test } from 'vitest';
import { parseDetour } from './parse-detour.js';

test('a service and a port', () => {
  expect(parseDetour('mail-queue=3000')).toEqual({ service: 'mail-queue', port: 3000 });
});

test.each(['orders', 'orders=', '=3000', 'orders=0', 'orders=70000', 'orders:3000', 'Orders=3000'])(
  '%s is none',
  (text) => {
    expect(() => parseDetour(text)).toThrow(`${text} is no detour: write <service>=<local port>.`);
  },
);
