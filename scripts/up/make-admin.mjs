import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openOwnPlatform } from './open-platform.mjs';

/**
 * The first admin, with a random password and an API token. Both are in credentials.json (0600) and printed nowhere.
 * @type {import('./run-steps.mjs').Step}
 */
export const makeAdmin = {
  name: 'first admin',
  run: async ({ settings, found }) => {
    const file = join(settings.home, 'credentials.json');
    const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
    const people = kept ?? (await createAdmin(settings));
    found.credentials = { ...addresses(settings), ...people, ...addresses(settings), caFile: found.caFile };
    writeFileSync(file, `${JSON.stringify(found.credentials, null, 2)}\n`, { mode: 0o600 });
    return kept ? 'already there' : file;
  },
};

/** @param {import('./settings.mjs').Settings} settings */
function addresses({ chosen }) {
  const { BERTH_DOMAIN: domain, BERTH_PORT: port } = chosen;
  return {
    apiUrl: `${domain === 'localhost' ? 'http' : 'https'}://${domain}:${port}`,
    gitUrl: `https://${domain}:${port}`,
    dashboardUrl: `${domain === 'localhost' ? 'http' : 'https'}://dashboard.${domain}:${port}`,
  };
}

/** @param {import('./settings.mjs').Settings} settings */
async function createAdmin(settings) {
  const { chosen } = settings;
  const { createFirstAdmin } = await import('@berth/platform/users/create-first-admin');
  const platform = await openOwnPlatform(settings);
  try {
    // An address needs a dot in its domain to be one: admin@berth.localhost.
    const domain = chosen.BERTH_DOMAIN.includes('.') ? chosen.BERTH_DOMAIN : `berth.${chosen.BERTH_DOMAIN}`;
    const email = `admin@${domain}`;
    const password = randomBytes(15).toString('base64url');
    const { token } = await createFirstAdmin(platform, { email, name: 'Admin', password, withToken: true });
    return { email, password, token };
  } finally {
    await platform.close();
  }
}
