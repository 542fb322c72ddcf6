import { describe, expect, test } from 'vitest';
import { planSleep, type SleepingApp, type SleepLimits } from './plan-sleep.js';

const minute = 60_000;
const now = 1_000 * minute;
const limits: SleepLimits = {
  hasSwap: true,
  isUnderPressure: false,
  pushOutAfterMs: minute,
  stopAfterMs: 24 * 60 * minute,
  imageOnlyAfterMs: 72 * 60 * minute,
  leastIdleMs: minute,
  stepsUnderPressure: 2,
};
const app = (changes: Partial<SleepingApp> = {}): SleepingApp => ({
  appId: 'cart',
  environmentId: 'sale',
  rolloutId: 'r1',
  state: 'awake',
  since: 0,
  sleepingRolloutId: null,
  hasWeb: true,
  mayBeAsleep: true,
  idleMs: 30 * minute,
  activeAt: now - 31 * minute,
  openRequests: 0,
  isWorking: false,
  isWhole: true,
  isDown: false,
  asked: null,
  containers: [{ containerId: 'c1', state: 'running' }],
  restsUntil: 0,
  isBusy: false,
  ...changes,
});
const asleep = (changes: Partial<SleepingApp> = {}): SleepingApp =>
  app({
    ...{ state: 'frozen', since: now - minute / 2, sleepingRolloutId: 'r1' },
    containers: [{ containerId: 'c1', state: 'frozen' }],
    ...changes,
  });
const plan = (apps: SleepingApp[], changes: Partial<SleepLimits> = {}) =>
  planSleep(now, apps, { ...limits, ...changes });
const freeze = [{ appId: 'cart', do: 'freeze' }];

describe('an app that is awake', () => {
  test('is frozen when nobody has used it for as long as its policy says', () => {
    expect(plan([app()])).toEqual(freeze);
    expect(plan([app({ activeAt: now - 29 * minute })])).toEqual([]);
  });

  test.each<[string, Partial<SleepingApp>]>([
    ['its policy or the hour says so', { mayBeAsleep: false }],
    ['a request or a WebSocket is open', { openRequests: 1 }],
    ['a release, a build or a cron job runs', { isWorking: true }],
    ['an instance is starting, crashed or missing', { isWhole: false }],
    ['nothing was released', { rolloutId: null }],
    ['somebody is at work on it', { isBusy: true }],
    ['it lately could not be frozen', { restsUntil: now + 1 }],
    ['its container is not ours to freeze', { containers: [{ containerId: 'c1', state: 'ended' }] }],
  ])('stays so while %s', (_, changes) => {
    expect(plan([app(changes)])).toEqual([]);
  });

  test('is frozen at once when a person asks, whatever the policy, but not over an open request', () => {
    const asked = { asked: 'sleep', mayBeAsleep: false, activeAt: now } as const;
    expect(plan([app(asked)])).toEqual(freeze);
    expect(plan([app({ ...asked, openRequests: 1 })])).toEqual([]);
  });

  test('is thawed when it stands still and no row says that it should', () => {
    expect(plan([app({ activeAt: now, containers: [{ containerId: 'c1', state: 'frozen' }] })])).toEqual([
      { appId: 'cart', do: 'thaw', containerIds: ['c1'] },
    ]);
  });
});

describe('an app without web processes', () => {
  const worker = (changes: Partial<SleepingApp> = {}) => app({ appId: 'mail', hasWeb: false, ...changes });
  test('sleeps when all the others of its environment do', () => {
    expect(plan([worker(), app({ activeAt: now })])).toEqual([]);
    expect(plan([worker(), asleep()])).toEqual([{ appId: 'mail', do: 'freeze' }]);
  });
  test('wakes with the first of them', () => {
    const sleeping = asleep({ appId: 'mail', hasWeb: false });
    expect(plan([sleeping, app({ activeAt: now })])).toEqual([{ appId: 'mail', do: 'wake', why: 'environment' }]);
    expect(plan([sleeping, asleep()])).toEqual([]);
  });
  test.each<[string, SleepingApp[]]>([
    ['it is the only one', []],
    ['the others have no web processes either', [asleep({ hasWeb: false })]],
    ['the one that sleeps is of another environment', [asleep({ environmentId: 'other' })]],
    ['nothing of the other one was released', [asleep({ rolloutId: null, isBusy: true })]],
  ])('is not frozen where no request would wake it: %s', (_, others) => {
    expect(plan([worker(), ...others]).filter(({ appId }) => appId === 'mail')).toEqual([]);
    expect(plan([worker(), ...others], { isUnderPressure: true }).filter(({ appId }) => appId === 'mail')).toEqual([]);
    const woken = plan([asleep({ appId: 'mail', hasWeb: false }), ...others]);
    expect(woken).toContainEqual({ appId: 'mail', do: 'wake', why: 'environment' });
    expect(plan([worker({ asked: 'sleep' }), ...others])).toContainEqual({ appId: 'mail', do: 'freeze' });
    const byHand = asleep({ appId: 'mail', hasWeb: false, asked: 'sleep' });
    expect(plan([byHand, ...others]).filter(({ appId }) => appId === 'mail')).toEqual([]);
  });
});

describe('an app that sleeps', () => {
  test('goes down the ladder: pushed out after a minute, stopped after a day', () => {
    expect(plan([asleep()])).toEqual([]);
    expect(plan([asleep({ since: now - minute })])).toEqual([{ appId: 'cart', do: 'push-out' }]);
    const pushedOut = asleep({ state: 'pushed_out', since: now - 23 * 60 * minute });
    expect(plan([pushedOut])).toEqual([]);
    expect(plan([{ ...pushedOut, since: now - 25 * 60 * minute }])).toEqual([{ appId: 'cart', do: 'stop' }]);
  });

  test('is stopped from frozen where the host has no swap', () => {
    const long = asleep({ since: now - 25 * 60 * minute });
    expect(plan([long], { hasSwap: false })).toEqual([{ appId: 'cart', do: 'stop' }]);
  });

  test.each<[string, Partial<SleepingApp>, string]>([
    ['a person asks', { asked: 'wake' }, 'asked'],
    ['its hours begin, or its policy ends', { mayBeAsleep: false }, 'policy'],
    ['it is scaled or one of its instances is restarted', { isWhole: false }, 'changed'],
    ['a deploy has taken its place', { rolloutId: 'r2' }, 'changed'],
    ['a request slipped through', { openRequests: 1 }, 'changed'],
    ['somebody else thawed it', { containers: [{ containerId: 'c1', state: 'running' }] }, 'changed'],
    ['whoever put it to sleep was killed', { state: 'falling_asleep' }, 'half-done'],
    ['whoever started it was killed', { state: 'waking' }, 'half-done'],
  ])('is woken when %s', (_, changes, why) => {
    expect(plan([asleep(changes)])).toEqual([{ appId: 'cart', do: 'wake', why }]);
  });

  test('by hand in an environment that never sleeps, it sleeps on', () => {
    expect(plan([asleep({ asked: 'sleep', mayBeAsleep: false })])).toEqual([]);
  });

  test('sleeps on as a stopped one when its processes have ended, and is put away whole', () => {
    const ended = [{ containerId: 'c1', state: 'ended' } as const];
    expect(plan([asleep({ containers: ended })])).toEqual([{ appId: 'cart', do: 'stop' }]);
    expect(plan([asleep({ state: 'stopped', containers: ended })])).toEqual([{ appId: 'cart', do: 'stop' }]);
    expect(plan([asleep({ state: 'stopped', containers: ended, isDown: true })])).toEqual([]);
    expect(plan([asleep({ state: 'stopped', isDown: true })])).toEqual([{ appId: 'cart', do: 'stop' }]);
  });

  test('loses its containers long after its processes ended, or when somebody asks', () => {
    const stopped = (changes: Partial<SleepingApp>) =>
      asleep({ state: 'stopped', isDown: true, containers: [{ containerId: 'c1', state: 'ended' }], ...changes });
    const putAway = [{ appId: 'cart', do: 'put-away' }];
    expect(plan([stopped({ since: now - 71 * 60 * minute })])).toEqual([]);
    expect(plan([stopped({ since: now - 72 * 60 * minute })])).toEqual(putAway);
    expect(plan([stopped({ asked: 'put_away' })])).toEqual(putAway);
    expect(plan([asleep({ asked: 'put_away' })])).toEqual([{ appId: 'cart', do: 'stop' }]);
    expect(plan([stopped({ state: 'image_only', since: 0 })])).toEqual([]);
    expect(plan([stopped({ state: 'image_only', since: 0, openRequests: 1 })])).toEqual([
      { appId: 'cart', do: 'wake', why: 'changed' },
    ]);
  });
});

describe('when memory is short', () => {
  const idleFor = (appId: string, minutes: number, changes: Partial<SleepingApp> = {}) =>
    app({ appId, activeAt: now - minutes * minute, ...changes });
  test('the longest idle go down first, and no more than some at a look', () => {
    const apps = [idleFor('a', 2), idleFor('b', 20), idleFor('c', 10), idleFor('d', 0.5)];
    const short = plan(apps, { isUnderPressure: true });
    expect(short).toEqual(['b', 'c'].map((appId) => ({ appId, do: 'freeze' })));
  });
  test('what is frozen is pushed out before anything is stopped', () => {
    const pushedOut = asleep({ appId: 'p', state: 'pushed_out', activeAt: 0 });
    expect(plan([asleep(), pushedOut], { isUnderPressure: true })).toEqual([{ appId: 'cart', do: 'push-out' }]);
    expect(plan([pushedOut], { isUnderPressure: true })).toEqual([{ appId: 'p', do: 'stop' }]);
  });
  test('an app that may not sleep is left alone', () => {
    expect(plan([idleFor('a', 20, { mayBeAsleep: false })], { isUnderPressure: true })).toEqual([]);
  });
});
