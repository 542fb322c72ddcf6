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
