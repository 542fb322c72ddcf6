import { z } from 'zod';
import { deployWindow, isInWindow } from './deploy-window.js';

/** How the apps of an environment sleep: `Environment.sleep`; what a row leaves out is by kind. */
export const sleepPolicy = z.strictObject({
  /** Minutes without a request, a job or CPU time of its own after which an app is frozen; null: never. */
  afterMinutes: z
    .int()
    .min(1)
    .max(60 * 24 * 30)
    .nullable()
    .optional(),
  /** Office hours: inside of one of them nothing falls asleep, and what sleeps is woken. */
  awake: z.array(deployWindow).max(20).default([]),
});
export type SleepPolicy = z.infer<typeof sleepPolicy>;

const afterMinutesOf = { project: 30, stable: null } as const;

/** A row's policy. Project environments sleep by default, stable ones only if their policy says so. */
export function sleepPolicyOf({ kind, sleep }: { kind: 'stable' | 'project'; sleep: unknown }): Required<SleepPolicy> {
  const { afterMinutes = afterMinutesOf[kind], awake } = sleepPolicy.parse(sleep);
  return { afterMinutes, awake };
}

/** Whether an app of this environment may be asleep at this time. */
export const mayBeAsleep = ({ afterMinutes, awake }: SleepPolicy, now: Date): boolean =>
  afterMinutes != null && !awake.some((window) => isInWindow(window, now));
