const units: [limit: number, seconds: number, name: Intl.RelativeTimeFormatUnit][] = [
  [60, 1, 'second'],
  [3600, 60, 'minute'],
  [86_400, 3600, 'hour'],
  [30 * 86_400, 86_400, 'day'],
  [365 * 86_400, 30 * 86_400, 'month'],
  [Number.POSITIVE_INFINITY, 365 * 86_400, 'year'],
];
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** "3 minutes ago", "in 2 hours" */
export function timeAgo(date: Date | string, now = Date.now()): string {
  const seconds = Math.round((now - new Date(date).getTime()) / 1000);
  if (Math.abs(seconds) < 5) return 'just now';
  const [, size, name] = units.find(([limit]) => Math.abs(seconds) < limit)!;
  return relative.format(-Math.round(seconds / size), name);
}

/** "40 ms", "1.4 s", "12 s", "2 min 5 s" */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

export const shortSha = (sha: string): string => sha.slice(0, 7);

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** "0 B", "64 MiB", "1.5 GiB" */
export function byteSize(bytes: number): string {
  const step = bytes < 1 ? 0 : Math.min(byteUnits.length - 1, Math.floor(Math.log2(bytes) / 10));
  const amount = bytes / 1024 ** step;
  return `${amount < 10 && step > 2 ? amount.toFixed(1).replace('.0', '') : Math.round(amount)} ${byteUnits[step]}`;
}

/** "0", "< 0.01", "0.07", "1.25", "1,204.5": two decimals say enough. */
export function amount(value: number): string {
  if (value > 0 && value < 0.005) return '< 0.01';
  return new Intl.NumberFormat('en', { maximumFractionDigits: 2 }).format(value);
}

/** "1 CPU", "0.5 CPUs", "< 0.01 cores" */
export function amountOf(value: number, noun: string): string {
  const text = amount(value);
  return `${text} ${noun}${text === '1' ? '' : 's'}`;
}

/** "less than a minute", "45 minutes", "3 hours", "2 days": how long something took in all. */
export function timeSpan(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return 'less than a minute';
  const [count, word] =
    minutes < 120
      ? [minutes, 'minute']
      : minutes < 2_880
        ? [Math.floor(minutes / 60), 'hour']
        : [Math.floor(minutes / 1_440), 'day'];
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** "2026-11" of a day, UTC. */
export const monthOf = (date: Date): string => date.toISOString().slice(0, 7);
