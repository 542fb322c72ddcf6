import { deployWindow } from '@berth/domain/deploy-window';
import { type SleepPolicy, sleepPolicy } from '@berth/domain/sleep-policy';
import type { SleepView } from '@berth/platform/sleep/sleep-view';
import { z } from 'zod';

/** Ours: how an app sleeps. */
export function toWireSleep(view: SleepView) {
  return {
    state: view.state,
    since: view.since,
    setting: view.isExempt ? 'never' : 'default',
    policy: toWireSleepPolicy(view.policy),
    slept_seconds: Math.round(view.sleptMs / 1000),
    wakes: view.wakes,
    saved: { memory_bytes: view.freedBytes, gib_hours: Math.round(view.savedGibHours * 1000) / 1000 },
  };
}

/** Ours: when the apps of an environment fall asleep. */
export const toWireSleepPolicy = ({ afterMinutes, awake }: SleepPolicy) => ({
  after_minutes: afterMinutes ?? null,
  awake: awake.map(({ timeZone, ...window }) => ({ ...window, time_zone: timeZone })),
});

const wireWindow = z
  .strictObject({ days: z.unknown(), from: z.unknown(), to: z.unknown(), time_zone: z.unknown() })
  .transform(({ time_zone: timeZone, ...window }) => ({ ...window, timeZone }))
  .pipe(deployWindow);

/** The parts of a policy that somebody changes, as our policy names them. */
export const wireSleepPolicy = z
  .strictObject({
    after_minutes: sleepPolicy.shape.afterMinutes,
    awake: z.array(wireWindow).max(20).optional(),
  })
  .transform(({ after_minutes, awake }) => ({
    ...(after_minutes === undefined ? {} : { afterMinutes: after_minutes }),
    ...(awake === undefined ? {} : { awake }),
  }));
