import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSettings } from './up/settings.mjs';

/**
 * One request to this Berth's API as the first admin; what it refuses is thrown in its words.
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<any>}
 */
export async function askApi(method, path, body) {
  const file = join(readSettings().home, 'credentials.json');
  if (!existsSync(file)) throw new Error(`There is no ${file}: run npm start first.`);
  const { apiUrl, token } = JSON.parse(readFileSync(file, 'utf8'));
  const answer = await fetch(`${apiUrl}${path}`, {
    method,
    headers: {
      accept: 'application/vnd.heroku+json; version=3',
      authorization: `Bearer ${token}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(JSON.parse(text).message ?? text);
  return JSON.parse(text);
}
