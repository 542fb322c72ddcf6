import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { openOrders } from './orders.js';
import { openQueue } from './queue.js';

const version = readFileSync(new URL('VERSION', import.meta.url), 'utf8').trim();
const { BERTH_ENVIRONMENT: environment, USERS_URL, STOCK_URL, DATABASE_URL, REDIS_URL, PORT } = process.env;
const users = USERS_URL ?? 'http://users.internal';
const stock = STOCK_URL ?? 'http://stock.internal';

const orders = await openOrders(DATABASE_URL);
const queue = openQueue(REDIS_URL);

/** What another service answers; one that cannot is a leaf with its status. */
async function call(service, url) {
  const answer = await fetch(url);
  return answer.ok ? answer.json() : { service, status: answer.status };
}

const routes = {
  '/health': async () => 'orders',
  '/orders': async () => ({
    ...{ service: 'orders', version, environment },
    calls: await Promise.all([call('users', `${users}/`), call('stock', `${stock}/`)]),
  }),
  '/buy': async () => {
    const order = await orders.add(version);
    await queue.add({ order, soldBy: version });
    return { service: 'orders', version, environment, order };
  },
  '/sold': () => orders.list(),
  '/mails': () => queue.mails(),
};

createServer(async (request, response) => {
  const route = routes[request.url];
  if (!route) return response.writeHead(404).end('orders has /orders, /buy, /sold and /mails');
  try {
    const answer = await route();
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  } catch (error) {
    response.writeHead(502).end(`orders: ${error.cause?.message ?? error.message}`);
  }
}).listen(PORT);
