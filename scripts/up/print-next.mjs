import { relative } from 'node:path';
import { root } from './settings.mjs';

/**
 * The addresses, and what to try next.
 * @param {import('./settings.mjs').Settings} settings
 * @param {Record<string, any>} found
 */
export function printNext(settings, found) {
  const { apiUrl, dashboardUrl } = found.credentials;
  const folder = root.replace(/\/$/, '');
  const which = settings.instance === 'berth' ? '' : `BERTH_INSTANCE=${settings.instance} `;
  const credentials = `${relative(root, settings.home)}/credentials.json`;
  console.log(`
Berth is up.

  app        ${found.appUrl ?? 'none yet'}
  dashboard  ${dashboardUrl}   (email and password: ${credentials})
  API        ${apiUrl}

Try next, in a git repository of an app:

  eval "$(cd ${folder} && ${which}npm run -s env)"
  npx heroku create my-app
  git push heroku main
`);
}
