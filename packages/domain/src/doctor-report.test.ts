import { describe, expect, test } from 'vitest';
import { type Hop, type HopEnd, type HopTree, reportProbe } from './doctor-report.js';

const end = (name: string): HopEnd => {
  const [service = '', environment = ''] = name.split('@');
  return { service, environment, instanceId: name, process: 'web.1' };
};
const hop = (caller: string | null, answeredBy: string, at: number, ms: number, changes: Partial<Hop> = {}): Hop => ({
  id: `${answeredBy}:${at}`,
  at,
  ms,
  caller: caller === null ? null : end(caller),
  host: `${answeredBy.split('@')[0]}.internal`,
  answeredBy: end(answeredBy),
  mark: 'pa',
  isTraced: true,
  status: 200,
  reason: '',
  ...changes,
});
const lost: Partial<Hop> = { mark: '', isTraced: false };
const draw = (trees: readonly HopTree[]): unknown[] =>
  trees.map(({ id, calls }) => (calls.length > 0 ? [id, draw(calls)] : id));

describe('the tree', () => {
  test('is by the caller’s instance and the time; lines come innermost first', () => {
    const hops = [
      hop('orders@daily', 'users@pa', 30, 10),
      hop('cart@pa', 'orders@daily', 20, 40),
      hop('cart@pa', 'stock@daily', 70, 10),
      hop(null, 'cart@pa', 10, 100),
    ];
    expect(draw(reportProbe(hops, 'pa').hops)).toEqual([
      ['cart@pa:10', [['orders@daily:20', ['users@pa:30']], 'stock@daily:70']],
    ]);
  });

  test('a service that is called twice has its own calls below each', () => {
    const hops = [
      hop('users@pa', 'mail@daily', 15, 5),
      hop('web@pa', 'users@pa', 10, 20),
      hop('users@pa', 'mail@daily', 55, 5),
      hop('web@pa', 'users@pa', 50, 20),
      hop(null, 'web@pa', 0, 100),
    ];
    expect(draw(reportProbe(hops, 'pa').hops)).toEqual([
      [
        'web@pa:0',
        [
          ['users@pa:10', ['mail@daily:15']],
          ['users@pa:50', ['mail@daily:55']],
        ],
      ],
    ]);
  });

  test('a call whose caller is not known stands beside the others', () => {
    const worker = hop(null, 'users@pa', 20, 5, { caller: { environment: 'pa' } });
    expect(draw(reportProbe([worker, hop(null, 'web@pa', 0, 100)], 'pa').hops)).toEqual(['web@pa:0', 'users@pa:20']);
  });

  test('a service that calls itself is no circle', () => {
    const hops = [hop('web@pa', 'web@pa', 12, 5), hop('web@pa', 'web@pa', 10, 20), hop(null, 'web@pa', 0, 100)];
    expect(draw(reportProbe(hops, 'pa').hops)).toEqual([['web@pa:0', [['web@pa:10', ['web@pa:12']]]]]);
  });
});

test('within the same ms, and by clocks that are off by one, what ended first was called by what ended later', () => {
  const hops = [hop('b@pa', 'c@pa', 9, 0), hop('a@pa', 'b@pa', 10, 1), hop(null, 'a@pa', 11, 1)];
  expect(draw(reportProbe(hops, 'pa').hops)).toEqual([['a@pa:11', [['b@pa:10', ['c@pa:9']]]]]);
});

test('a call that outlives the request it was made for is below it; two services that call each other are no circle', () => {
  const late = [hop(null, 'a@pa', 0, 10), hop('a@pa', 'b@pa', 5, 50)];
  expect(draw(reportProbe(late, 'pa').hops)).toEqual([['a@pa:0', ['b@pa:5']]]);
  const mutual = [hop('b@pa', 'a@pa', 2, 5), hop('a@pa', 'b@pa', 1, 10)];
  expect(draw(reportProbe(mutual, 'pa').hops)).toEqual([['b@pa:1', ['a@pa:2']]]);
});

test('a lost call that is told twice is one', () => {
  const call = hop('a@daily', 'b@daily', 5, 1, lost);
  const { services } = reportProbe([call, call, hop(null, 'a@daily', 0, 10)], 'pa');
  expect(services).toMatchObject([{ service: 'a', verdict: 'lost', lost: 1 }]);
});

test('each service that the probe reached has a verdict', () => {
  const { services } = reportProbe(
    [
      hop('orders@daily', 'users@daily', 20, 10, lost),
      hop('cart@pa', 'orders@daily', 10, 50),
      hop('cart@pa', 'stock@daily', 70, 10),
      hop(null, 'cart@pa', 0, 100),
    ],
    'pa',
  );
  expect(services).toEqual([
    { service: 'cart', environment: 'pa', verdict: 'carried', carried: 2, lost: 0, isRemarked: false },
    { service: 'orders', environment: 'daily', verdict: 'lost', carried: 0, lost: 1, isRemarked: false },
    { service: 'stock', environment: 'daily', verdict: 'no-calls', carried: 0, lost: 0, isRemarked: false },
  ]);
});

test('what a project’s own service loses is put back by the router; one lost call of several is lost', () => {
  const { services } = reportProbe(
    [hop('cart@pa', 'orders@daily', 10, 50), hop('cart@pa', 'stock@daily', 70, 10, lost), hop(null, 'cart@pa', 0, 100)],
    'pa',
  );
  expect(services[0]).toMatchObject({ service: 'cart', verdict: 'lost', carried: 1, lost: 1, isRemarked: true });
});

test('an answer of the router itself reaches nobody', () => {
  const missing = hop('cart@pa', 'x@y', 10, 1, { answeredBy: null, status: 404, reason: '~404' });
  expect(reportProbe([missing, hop(null, 'cart@pa', 0, 100)], 'pa').services).toHaveLength(1);
});

test('of a service that a machine answers for it is not known what it called', () => {
  const answeredBy = { environment: 'pa', service: 'users', process: 'machine' };
  const { hops, services } = reportProbe([hop(null, 'users@pa', 10, 10, { answeredBy })], 'pa');
  expect(draw(hops)).toEqual(['users@pa:10']);
  expect(services).toEqual([]);
});
