/** One customer log line. `source` and `process` print as Heroku does: `app[web.1]`, `heroku[router]` → `berth[router]`. */
export interface LogLine {
  /** ms since the epoch. */
  at: number;
  source: 'app' | 'berth';
  /** `web.1`, `router`, `build`, `release`, `restart`, `api` */
  process: string;
  text: string;
}

/** `2026-01-01T00:00:00.000000+00:00 app[web.1]: text` (facts of Heroku's CLI: it colours by this form). */
export function formatLine(line: LogLine): string {
  return `${new Date(line.at).toISOString().replace('Z', '000+00:00')} ${line.source}[${line.process}]: ${line.text}`;
}
