import type { SleepView } from '@berth/platform/sleep/sleep-view';
import { Moon } from 'lucide-react';
import { amount, byteSize, timeAgo, timeSpan } from '@/lib/format';

type State = SleepView['state'];

const words: Record<State, string> = {
  awake: 'running',
  falling_asleep: 'falling asleep',
  frozen: 'frozen',
  pushed_out: 'pushed out',
  stopped: 'stopped',
  image_only: 'image only',
  waking: 'waking',
};

/** What each step means for the next request. */
const meanings: Record<State, string> = {
  awake: 'It runs.',
  falling_asleep: 'It runs for some ms still.',
  frozen: 'Its processes stand still; the next request wakes it within some tens of ms.',
  pushed_out: 'Its memory lies in the swap; the next request wakes it within about a tenth of a second.',
  stopped: 'Its processes have ended; the next request is held until it has started.',
  image_only: 'Nothing of it is on the host but its image; the next request is held until it has started anew.',
  waking: 'It is being started.',
};

/** Where an app stands on the ladder of sleep, in a word; nothing while it is awake. */
export function SleepMark({ state }: { state: State }) {
  if (state === 'awake') return null;
  return (
    <span
      data-sleep={state}
      title={meanings[state]}
      className="inline-flex items-center gap-1 rounded-full bg-raised px-2 py-0.5 text-[13px] text-muted"
    >
      <Moon className="size-3" aria-hidden /> {words[state]}
    </span>
  );
}

/** The same in a sentence: since when, how long it slept in all, and what that saved. */
export function SleepNote({ sleep }: { sleep: SleepView }) {
  const { state, since, sleptMs, wakes, freedBytes, savedGibHours, policy, isExempt } = sleep;
  const parts = [
    state !== 'awake' && since
      ? `${words[state]} ${timeAgo(since)}`
      : sleepsWhen(policy.afterMinutes ?? null, isExempt),
    sleptMs > 0 && `slept ${timeSpan(sleptMs)} in all, woken ${wakes === 1 ? 'once' : `${wakes} times`}`,
    freedBytes > 0 && `gives back ${byteSize(freedBytes)} now`,
    savedGibHours >= 0.005 && `saved ${amount(savedGibHours)} GiB-hours`,
  ];
  return <p className="text-[13px] text-muted">{parts.filter(Boolean).join(' · ')}</p>;
}

const sleepsWhen = (minutes: number | null, isExempt: boolean) =>
  isExempt || minutes === null ? 'runs, and never sleeps' : `runs, sleeps after ${minutes} minutes without a request`;
