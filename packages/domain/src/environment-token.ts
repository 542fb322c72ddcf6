import { createHmac } from 'node:crypto';

/** What the key of {@link signEnvironmentToken} is derived for (platform's secret box). */
export const environmentTokenPurpose = 'berth environment token';

/** For the cookie that lets a request from outside be for a project environment. */
export const environmentCookie = 'berth_env';

/** The path that the router answers itself on every app's host: it sets or clears the cookie. */
export const environmentLinkPath = '/.berth/env';

/**
 * Lets who holds it ask the apps of one stable environment as a project environment upon it sees them:
 * `<environment>~<expiry>~<hmac>`, for the doctor `<environment>~<expiry>~<trace>~<hmac>`. All but the last part is signed, together
 * with the stable environment that the asked host belongs to, so that it opens nothing of another. HAProxy checks it
 * (packages/router/src/render-link.ts). `until` in s since the epoch; `key` in base64.
 */
export function signEnvironmentToken({
  key,
  environment,
  baseId,
  until,
  trace,
}: {
  key: string;
  environment: string;
  baseId: string;
  until: number;
  trace?: string | undefined;
}): string {
  const text = [environment, until, ...(trace ? [trace] : [])].join('~');
  const mac = createHmac('sha256', Buffer.from(key, 'base64')).update(`${text}@${baseId}`).digest('hex');
  return `${text}~${mac}`;
}
