import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSettings } from '../up/settings.mjs';

const { home } = readSettings();

/** What `npm start` wrote for the running Berth. */
export const credentials = () => JSON.parse(readFileSync(join(home, 'credentials.json'), 'utf8'));

/** The secrets that `npm start` made: the registry's are among them. */
export const secretsOf = () => JSON.parse(readFileSync(join(home, 'secrets.json'), 'utf8'));

/** One call of the Platform API. */
export async function api(method, path, body, headers = {}) {
  const { apiUrl, token } = credentials();
  const answer = await fetch(`${apiUrl}${path}`, {
    method,
    headers: {
      accept: 'application/vnd.heroku+json; version=3',
      authorization: `Bearer ${token}`,
      ...(body && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : undefined;
}

/** The git remote of an app, with the token in it (plain HTTP on the loopback). */
export function remoteOf(app) {
  const { apiUrl, token } = credentials();
  const url = new URL(`${apiUrl}/${app}.git`);
  url.username = 'bench';
  url.password = token;
  return url.href;
}
