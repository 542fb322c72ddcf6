import { statusTable } from './status.js';

/**
 * Where an app stands on the ladder of sleep. Frozen: its processes stand still, a wake is a write to a file. Pushed out: their
 * memory lies in the host's swap. Stopped: the containers are there without processes. Image only: they are gone too. Waking is
 * only what takes a start: a thaw is over before it could be told.
 */
export const sleepState = statusTable({
  awake: ['falling_asleep'],
  falling_asleep: ['frozen', 'awake'],
  frozen: ['pushed_out', 'stopped', 'awake'],
  pushed_out: ['stopped', 'awake'],
  stopped: ['image_only', 'waking', 'awake'],
  image_only: ['waking', 'awake'],
  waking: ['awake'],
});
export type SleepState = (typeof sleepState.all)[number];

/** Its processes have ended: a wake is a start. */
export const isEnded = (state: SleepState): boolean => state === 'stopped' || state === 'image_only';

/** What people call asleep: no process of the app runs. */
export const isAsleep = (state: SleepState): boolean => state === 'frozen' || state === 'pushed_out' || isEnded(state);
