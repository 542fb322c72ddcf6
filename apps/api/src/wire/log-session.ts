import { randomUUID } from 'node:crypto';

/** Heroku's `log-session`. Nothing is stored: the signed address says it all. */
export function toWireLogSession(url: string, now = new Date()) {
  return { created_at: now, id: randomUUID(), logplex_url: url, updated_at: now };
}
