import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeRepositories, services } from './make-repositories.mjs';

/**
 * A Berth, as whoever lays the shop out reaches it. `api` is one call of the Platform API as an admin, `push` sends a commit
 * of a repository to a pipeline's git remote (`<team>/<service>`) and throws when that is refused.
 * @typedef {{
 *   api: (method: string, path: string, body?: unknown) => Promise<any>,
 *   push: (directory: string, remote: string, ref: string) => Promise<unknown>,
 * }} Berth
 */
/**
 * Where the shop is: its team, what its apps' names end in (`web-<suffix>`), and the folder of its repositories.
 * @typedef {{ team: string, suffix: string, folder: string }} Shop
 */

/** The stable environment that it is deployed to. */
export const base = 'daily';

/**
 * The whole shop in daily: a team with six pipelines, a database for `orders`, and a Redis server with the queue between `orders`
 * and `mail`.
 * @param {Berth} berth
 * @param {Shop} shop `folder` is empty, and gets the repositories
 */
export async function layOutShop({ api, push }, { team, suffix, folder }) {
  makeRepositories(folder);
  await api('POST', '/teams', { name: team });
  for (const name of services) {
    const { id } = await api('POST', '/pipelines', { name, team });
    await api('POST', `/pipelines/${id}/apps`, { environment: base, name: `${name}-${suffix}` });
  }
  await api('POST', `/apps/orders-${suffix}/addons`, { plan: 'berth-postgresql' });
  const { name: addon } = await api('POST', `/apps/orders-${suffix}/addons`, { plan: 'berth-redis:mini' });
  await api('POST', '/addon-attachments', { addon, app: `mail-${suffix}` });
  await Promise.all(services.map((service) => push(join(folder, service), `${team}/${service}`, 'main')));
}

/**
 * A project environment of its branches upon daily, when it is ready. Throws with its message when it is not to be.
 * @param {Berth} berth
 * @param {Shop} shop
 * @param {string} project its environment is `<project>-<suffix>`
 * @param {readonly string[]} changed services with a branch of the project's name
 */
export async function makeProject({ api, push }, { team, suffix, folder }, project, changed) {
  for (const service of changed) await push(join(folder, service), `${team}/${service}`, project);
  const name = `${project}-${suffix}`;
  const wishes = changed.map((service) => ({ service, branch: project }));
  await api('POST', '/environments', { name, base, team, services: wishes });
  await untilReady({ api }, name);
}

/**
 * Waits until a project environment is ready. Throws with its message when it has failed.
 * @param {Pick<Berth, 'api'>} berth
 * @param {string} name
 */
export async function untilReady({ api }, name) {
  for (;;) {
    const { status, message } = await api('GET', `/environments/${name}`);
    if (status === 'ready') return;
    if (status === 'failed') throw new Error(`${name}: ${message}`);
    await sleep(200);
  }
}

/**
 * Removes the team's project environments and apps; the team stays, with its pipelines.
 * @param {Pick<Berth, 'api'>} berth
 * @param {Pick<Shop, 'team' | 'suffix'>} shop
 */
export async function removeShop({ api }, { team, suffix }) {
  for (const environment of await api('GET', '/environments').catch(() => []))
    if (environment.team.name === team) await api('DELETE', `/environments/${environment.name}`).catch(() => {});
  for (const service of services) await api('DELETE', `/apps/${service}-${suffix}`).catch(() => {});
}
