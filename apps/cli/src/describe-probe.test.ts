import { expect, test } from 'vitest';
import { describeProbe } from './describe-probe.js';
import type { ProbeHop } from './probe.js';

const hop = (name: string, changes: Partial<ProbeHop> = {}): ProbeHop => {
  const [service = '', environment = ''] = name.split('@');
  const answered = { environment, service };
  return {
    host: `${service}.internal`,
    ms: 4,
    status: 200,
    carried: true,
    answered_by: answered,
    calls: [],
    ...changes,
  };
};

test('the chain is indented, and each service has its verdict', () => {
  const users = hop('users@daily', { carried: false });
  const gone = hop('x@y', { host: 'mail.internal', answered_by: null, status: 404, ms: 0 });
  const web = hop('web@daily', { ms: 30, calls: [hop('orders@pa', { ms: 20, calls: [users] }), gone] });
  const services = [
    { service: 'web', environment: 'daily', verdict: 'carried' as const, remarked: false },
    { service: 'orders', environment: 'pa', verdict: 'lost' as const, remarked: true },
  ];
  expect(describeProbe({ environment: 'pa', status: 200, ms: 31, whole: true, hops: [web], services })).toEqual([
    'answered with 200 in 31 ms',
    '',
    'web@daily                200  30 ms',
    '  orders@pa              200  20 ms',
    '    users@daily          200  4 ms   without the mark',
    '  mail.internal: nobody  404  0 ms',
    '',
    'web@daily  hands the mark on',
    'orders@pa  loses the mark (the router put it back)',
  ]);
});

test('a probe that nobody answered says so', () => {
  const nothing = { environment: 'pa', status: null, ms: 5, whole: false, hops: [], services: [] };
  expect(describeProbe(nothing)).toEqual(['answered with nothing in 5 ms; the router has not told of all calls']);
});

test('a machine that answered for a service is told apart', () => {
  const users = hop('users@pa', { answered_by: { environment: 'pa', service: 'users', process: 'machine' } });
  const probe = { environment: 'pa', status: 200, ms: 5, whole: true, hops: [users], services: [] };
  expect(describeProbe(probe)).toEqual(['answered with 200 in 5 ms', '', 'users@pa (a machine)  200  4 ms']);
});
