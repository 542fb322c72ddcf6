import { cn } from '@/lib/class-names';

const looks = {
  good: 'bg-good-soft text-good',
  busy: 'bg-busy-soft text-busy',
  bad: 'bg-bad-soft text-bad',
  calm: 'bg-raised text-muted',
} as const;

/** How each status of an app, build, release, instance or doctor's verdict looks; a status that is not listed is calm. */
const lookOf: Record<string, keyof typeof looks> = {
  up: 'good',
  succeeded: 'good',
  live: 'good',
  ready: 'good',
  pending: 'busy',
  running: 'busy',
  building: 'busy',
  deploying: 'busy',
  starting: 'busy',
  stopping: 'busy',
  maintenance: 'busy',
  carried: 'good',
  'put back': 'busy',
  failed: 'bad',
  lost: 'bad',
  crashed: 'bad',
};

/** A status in a word and a colour; the word alone says it too. */
export function Status({ status }: { status: string }) {
  const look = lookOf[status] ?? 'calm';
  return (
    <span
      data-status={status}
      className={cn('inline-flex items-center gap-1.5 rounded-full px-2.5 py-0.5 text-[13px] font-medium', looks[look])}
    >
      <span className={cn('size-1.5 rounded-full bg-current', look === 'busy' && 'animate-pulse')} />
      {status.replaceAll(/[_-]/g, ' ')}
    </span>
  );
}
