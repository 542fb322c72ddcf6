import type { EnvironmentKind, Sleep } from '@berth/db/generated/client';
import { type SleepPolicy, sleepPolicyOf } from '@berth/domain/sleep-policy';
import { isAsleep, type SleepState } from '@berth/domain/sleep-state';
import { savedSince } from './set-sleep-state.js';

/** How an app sleeps, and what that has saved. Times in ms, memory in bytes. */
export interface SleepView {
  state: SleepState;
  since: Date | null;
  /** It never sleeps, whatever the policy says. */
  isExempt: boolean;
  /** Of its environment. */
  policy: SleepPolicy;
  /** All its sleeps together, the one that lasts included. */
  sleptMs: number;
  wakes: number;
  /** Memory that is given back now. */
  freedBytes: number;
  /** Memory given back by the time it was given, since the app exists. */
  savedGibHours: number;
}

export function toSleepView(
  sleep: Sleep | null,
  environment: { kind: EnvironmentKind; sleep: unknown },
  now = new Date(),
): SleepView {
  const policy = sleepPolicyOf(environment);
  if (!sleep) return { ...nothing, policy };
  const sleepsSince = isAsleep(sleep.state) ? sleep.asleepAt : null;
  const saved = Number(sleep.savedMibSeconds + savedSince(sleep, now));
  return {
    state: sleep.state,
    since: sleep.since,
    isExempt: sleep.isExempt,
    policy,
    sleptMs: Number(sleep.sleptMs) + (sleepsSince ? Math.max(0, now.getTime() - sleepsSince.getTime()) : 0),
    wakes: sleep.wakes,
    freedBytes: Number(sleep.freedBytes),
    savedGibHours: saved / 1024 / 3600,
  };
}

const nothing = {
  state: 'awake',
  since: null,
  isExempt: false,
  sleptMs: 0,
  wakes: 0,
  freedBytes: 0,
  savedGibHours: 0,
} as const;
