import { type Logger, pino } from 'pino';

export type { Logger };

/** Diagnostics of our own processes, JSON lines on stdout. Customer log lines go through packages/logs. */
export function openLogger(process: string, level: string): Logger {
  return pino({
    name: process,
    level,
    base: { process },
    redact: ['token', 'password', 'secret', '*.token', '*.password', 'env'],
  });
}
