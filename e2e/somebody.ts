import { randomBytes } from 'node:crypto';
import { askApi } from './berth.js';
import { credentials } from './credentials.js';

/** A new person with this role in a team of the first admin's; her API token. */
export async function tokenOfSomebody(role: 'viewer' | 'owner', team = 'default'): Promise<string> {
  const { secret } = await askApi('POST', `/teams/${team}/invitations`, { role });
  const email = `somebody-${randomBytes(6).toString('hex')}@example.com`;
  const password = 'a long password';
  await askApi('POST', `/invitations/${secret}/accept`, { name: 'Somebody', email, password });
  const answer = await fetch(new URL('/oauth/authorizations', credentials.apiUrl), {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ description: 'e2e' }),
  });
  const { access_token: token } = (await answer.json()) as { access_token: { token: string } };
  return token.token;
}

/** The token of somebody of a new team that has nothing. */
export async function tokenOfStranger(): Promise<string> {
  const team = `others-${randomBytes(6).toString('hex')}`;
  await askApi('POST', '/teams', { name: team });
  return tokenOfSomebody('owner', team);
}
