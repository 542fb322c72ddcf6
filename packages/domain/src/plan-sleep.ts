import { isEnded, type SleepState } from './sleep-state.js';

/** To sleep as policies say, at least pushed out, stopped or without containers, or to wake. */
export type SleepWish = 'sleep' | 'push_out' | 'stop' | 'put_away' | 'wake';

/** One app as it is now. Times are ms since 1970. */
export interface SleepingApp {
  appId: string;
  environmentId: string;
  /** Its current rollout; null: nothing was released yet. */
  rolloutId: string | null;
  state: SleepState;
  since: number;
  /** The rollout that fell asleep; null while awake. */
  sleepingRolloutId: string | null;
  /** Requests come to it; an app without is woken and put to sleep with its environment. */
  hasWeb: boolean;
  /** Policy, office hours and the app's own setting, for now. */
  mayBeAsleep: boolean;
  /** ms without activity after which it is frozen. */
  idleMs: number;
  /** The last request, CPU time worth the name, deploy or wake. */
  activeAt: number;
  /** Requests and tunnels that are open. */
  openRequests: number;
  /** A release, a rollout, a build or a cron job of its own is under way. */
  isWorking: boolean;
  /** Its instances are what its formation wants, and up. */
  isWhole: boolean;
  /** No row of its instances says that one is there. */
  isDown: boolean;
  /** What a person asked for; but for `wake` it is kept until it wakes. */
  asked: SleepWish | null;
  containers: readonly SleepingContainer[];
  /** Falling asleep failed lately: it is left alone until then. */
  restsUntil: number;
  /** Somebody is at work on it in this process. */
  isBusy: boolean;
}

export interface SleepingContainer {
  containerId: string;
  state: 'running' | 'frozen' | 'ended';
}

/** The host, and from when on an app goes one step down. */
export interface SleepLimits {
  hasSwap: boolean;
  /** Less free memory than the setting. */
  isUnderPressure: boolean;
  pushOutAfterMs: number;
  stopAfterMs: number;
  imageOnlyAfterMs: number;
  /** Idle for less than this nothing is frozen, however little memory is left. */
  leastIdleMs: number;
  /** Apps that go down a step at a look because memory is short. */
  stepsUnderPressure: number;
}

export type SleepAction = { appId: string } & (
  | { do: 'freeze' }
  | { do: 'push-out' }
  /** Also those whose processes ended while they slept (the host was restarted): they sleep on as stopped ones. */
  | { do: 'stop' }
  /** Its containers go. */
  | { do: 'put-away' }
  | { do: 'wake'; why: 'asked' | 'policy' | 'changed' | 'environment' | 'half-done' }
  /** Frozen, and no row says so. */
  | { do: 'thaw'; containerIds: string[] }
);

/**
 * Who goes a step down, and who is to be woken. One step per app and look; the next look decides the next one, so that a
 * releaser that was killed anywhere goes on from what is there.
 */
export function planSleep(now: number, apps: readonly SleepingApp[], limits: SleepLimits): SleepAction[] {
  const free = apps.filter(({ isBusy }) => !isBusy);
  const planned = free.flatMap((app) => planApp(now, app, apps, limits));
  const settled = new Set(planned.map(({ appId }) => appId));
  const pressed = limits.isUnderPressure ? planPressure(now, free, settled, apps, limits) : [];
  return [...planned, ...pressed];
}

function planApp(now: number, app: SleepingApp, all: readonly SleepingApp[], limits: SleepLimits): SleepAction[] {
  const { appId, state } = app;
  const stray = app.containers.filter((container) => container.state === 'frozen').map((one) => one.containerId);
  if (state === 'awake') {
    if (stray.length > 0) return [{ appId, do: 'thaw', containerIds: stray }];
    const isDue = isAsked(app) || now - app.activeAt >= app.idleMs;
    return isDue && mayFreeze(now, app, all, limits) ? [{ appId, do: 'freeze' }] : [];
  }
  // Nobody is at work on it: whoever was, was killed.
  if (state === 'falling_asleep' || state === 'waking') return [{ appId, do: 'wake', why: 'half-done' }];
  const why = reasonToWake(app, all);
  if (why) return [{ appId, do: 'wake', why }];
  const hasEnded = app.containers.every((one) => one.state === 'ended');
  if (isEnded(state)) {
    if (!app.isDown || !hasEnded) return [{ appId, do: 'stop' }];
    const isDue = app.asked === 'put_away' || now - app.since >= limits.imageOnlyAfterMs;
    return state === 'stopped' && isDue ? [{ appId, do: 'put-away' }] : [];
  }
  if (app.containers.length > 0 && hasEnded) return [{ appId, do: 'stop' }];
  if (app.containers.some((one) => one.state !== 'frozen')) return [{ appId, do: 'wake', why: 'changed' }];
  return planDescent(now, app, limits);
}

function planDescent(now: number, { appId, state, since, asked }: SleepingApp, limits: SleepLimits): SleepAction[] {
  const slept = now - since;
  if (asked === 'stop' || asked === 'put_away' || slept >= limits.stopAfterMs) return [{ appId, do: 'stop' }];
  const isDue = asked === 'push_out' || slept >= limits.pushOutAfterMs;
  return state === 'frozen' && limits.hasSwap && isDue ? [{ appId, do: 'push-out' }] : [];
}

/** A person put it to sleep, whatever the policy says. */
const isAsked = ({ asked }: SleepingApp): boolean => asked !== null && asked !== 'wake';

function reasonToWake(app: SleepingApp, all: readonly SleepingApp[]) {
  if (app.asked === 'wake') return 'asked';
  if (!app.mayBeAsleep && !isAsked(app)) return 'policy';
  if (!app.isWhole || app.sleepingRolloutId !== app.rolloutId || app.openRequests > 0) return 'changed';
  return isInCompany(app, all) ? undefined : 'environment';
}

/**
 * What has no web process sleeps as long as all apps with web processes of its environment do. Where there is none no request
 * would ever wake it, so that it sleeps only when a person asks.
 */
function isInCompany(app: SleepingApp, all: readonly SleepingApp[]): boolean {
  if (app.hasWeb || isAsked(app)) return true;
  const company = all.filter(
    ({ appId, environmentId, hasWeb, rolloutId }) =>
      appId !== app.appId && environmentId === app.environmentId && hasWeb && rolloutId !== null,
  );
  return company.length > 0 && company.every(({ state }) => state !== 'awake');
}

function mayFreeze(now: number, app: SleepingApp, all: readonly SleepingApp[], limits: SleepLimits): boolean {
  const isRunning = app.containers.length > 0 && app.containers.every((one) => one.state === 'running');
  const isIdle = isAsked(app) || now - app.activeAt >= limits.leastIdleMs;
  const isQuiet = app.openRequests === 0 && !app.isWorking && isIdle;
  const isAllowed = app.mayBeAsleep || isAsked(app);
  const hasRested = now >= app.restsUntil || isAsked(app);
  return (
    app.rolloutId !== null && app.isWhole && isRunning && isQuiet && isAllowed && isInCompany(app, all) && hasRested
  );
}

/** Memory is short: the longest idle go a step down, whatever time is left to them. */
function planPressure(
  now: number,
  free: readonly SleepingApp[],
  settled: ReadonlySet<string>,
  all: readonly SleepingApp[],
  limits: SleepLimits,
): SleepAction[] {
  const candidates = free.filter(({ appId, mayBeAsleep }) => mayBeAsleep && !settled.has(appId));
  const byIdleness = [...candidates].sort((a, b) => a.activeAt - b.activeAt);
  const pushed = byIdleness
    .filter(({ state }) => state === 'frozen' && limits.hasSwap)
    .map(({ appId }): SleepAction => ({ appId, do: 'push-out' }));
  const frozen = byIdleness
    .filter((app) => app.state === 'awake' && mayFreeze(now, app, all, limits))
    .map(({ appId }): SleepAction => ({ appId, do: 'freeze' }));
  const stopped = byIdleness
    .filter(({ state }) => state === 'pushed_out' || (state === 'frozen' && !limits.hasSwap))
    .map(({ appId }): SleepAction => ({ appId, do: 'stop' }));
  // What is cheapest to take back first: starts cost half a second of CPU each.
  return [...pushed, ...frozen, ...(pushed.length + frozen.length > 0 ? [] : stopped)].slice(
    0,
    limits.stepsUnderPressure,
  );
}
