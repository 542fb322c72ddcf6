import { Agent, request } from 'node:http';

/**
 * What a service answers: itself, and those that it called for it.
 * @typedef {{ service: string, version: string, environment: string, calls?: Answer[], order?: number }} Answer
 */
/**
 * How somebody sees the shop: the cookie that says so, if any, and who then answers on every hop.
 * @typedef {{ cookie?: string, hops: string }} View
 */

/**
 * Who answered on every hop: `web@main cart@red orders@main users@red stock@main`.
 * @param {Answer} answer
 * @returns {string}
 */
export const hopsOf = ({ service, version, calls = [] }) => [`${service}@${version}`, ...calls.map(hopsOf)].join(' ');

/**
 * The same for somebody who sees a project's own version of what it changes, and main of everything else.
 * @param {string} project
 * @param {readonly string[]} changed
 */
export const expectedHops = (project, changed) =>
  ['web', 'cart', 'orders', 'users', 'stock']
    .map((service) => `${service}@${changed.includes(service) ? project : 'main'}`)
    .join(' ');

/**
 * Asks an app by its public address, by hand: its host name needs no DNS this way.
 * @param {string} webUrl
 * @param {number} clients connections, kept alive
 */
export function openShopWindow(webUrl, clients) {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const { port, host } = new URL(webUrl);
  /**
   * @param {string} path
   * @param {Record<string, string>} headers
   * @returns {Promise<{ body: string, cookie: string | undefined }>} `cookie` is the one that the answer sets
   */
  const ask = (path, headers = {}) =>
    new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port, path, agent, headers: { host, ...headers } };
      const sent = request(options, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (chunk) => {
          body += chunk;
        });
        const cookie = response.headers['set-cookie']?.[0]?.split(';')[0];
        response.on('end', () => resolve({ body, cookie })).on('error', reject);
      });
      sent.on('error', reject).end();
    });
  /** @param {string} link that opens this address as a project sees it */
  const cookieOf = async (link) => {
    const { pathname, search } = new URL(link);
    const { cookie } = await ask(`${pathname}${search}`);
    if (!cookie) throw new Error(`${link} sets no cookie`);
    return cookie;
  };
  return { ask, cookieOf, close: () => agent.destroy() };
}

/**
 * Many requests in turn as each of some people sees the shop, some at once.
 * @param {{ ask: (path: string, headers?: Record<string, string>) => Promise<{ body: string }> }} shopWindow
 * @param {{ views: readonly View[], requests: number, clients: number }} options `clients`: on their way at once
 * @returns {Promise<{ sent: number, wrong: string[], ms: number }>} `wrong`: answers of which a hop was another's; it stops after ten
 */
export async function askMixed({ ask }, { views, requests, clients }) {
  /** @type {string[]} */
  const wrong = [];
  let sent = 0;
  const client = async () => {
    while (sent < requests && wrong.length < 10) {
      const { cookie, hops } = /** @type {View} */ (views[sent++ % views.length]);
      const { body } = await ask('/', cookie === undefined ? {} : { cookie });
      const seen = body.startsWith('{') ? hopsOf(JSON.parse(body)) : body;
      if (seen !== hops) wrong.push(`${seen} instead of ${hops}`);
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: clients }, client));
  return { sent, wrong, ms: performance.now() - startedAt };
}
