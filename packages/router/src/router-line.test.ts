import { expect, test } from 'vitest';
import { parseRequestLine } from './request-line.js';
import { routerLine } from './router-line.js';

const raw = {
  t: 1_795_267_260_660,
  i: '0bd1f1ab-4ee5-4a39-a5e4-6e4eb2cf6a40',
  m: 'GET',
  h: 'shop.localhost:8080',
  p: '/?q="x"',
  f: '127.0.0.1',
  n: 'edge',
  e: '-',
  b: 'any1',
  s: 'i1',
  w: 0,
  c: 1,
  r: 3,
  a: 5,
  st: 200,
  B: 120,
  x: '----',
  v: '-',
};
const line = (changes: Partial<Record<keyof typeof raw, string | number>> = {}, dyno: string | undefined = 'web.1') =>
  routerLine(parseRequestLine(JSON.stringify({ ...raw, ...changes }))!, { dyno, hasInstances: true });

test('reads as Heroku’s router line', () => {
  expect(line()).toBe(
    'at=info method=GET path="/?q=%22x%22" host=shop.localhost:8080 request_id=0bd1f1ab-4ee5-4a39-a5e4-6e4eb2cf6a40 fwd="127.0.0.1" dyno=web.1 connect=1ms service=4ms status=200 bytes=120 protocol=http',
  );
  expect(line({ n: 'edge~' })).toContain('protocol=https');
});

test.each([
  ['H10', { st: 503, x: 'SC--', s: '<NOSRV>', w: -1, c: -1 }],
  ['H11', { st: 503, x: 'sQ--' }],
  ['H12', { st: 504, x: 'sH--' }],
  ['H13', { st: 502, x: 'SH--' }],
  ['H15', { x: 'sD--' }],
  ['H17', { st: 502, x: 'PH--' }],
  ['H18', { x: 'SD--' }],
  ['H21', { st: 503, x: 'SC--' }],
  ['H27', { st: 400, x: 'CH--' }],
  ['H28', { st: 408, x: 'cH--' }],
  ['H80', { st: 503, x: 'LR--', b: 'special', v: '~m' }],
] as const)('%s', (code, changes) => {
  expect(line(changes)).toContain(`at=error code=${code} desc="`);
});

test('a tunnel that ends is no error', () => expect(line({ st: 101, x: 'SD--' })).toContain('at=info'));

test('an app’s own 503 is no error of the router', () => expect(line({ st: 503 })).toContain('at=info'));

test('HAProxy’s own messages are no requests', () => {
  expect(parseRequestLine('Server any1/i1 is UP')).toBeUndefined();
  expect(parseRequestLine('{"t":')).toBeUndefined();
});
