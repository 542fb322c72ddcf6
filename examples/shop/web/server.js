import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const version = readFileSync(new URL('VERSION', import.meta.url), 'utf8').trim();
const cart = process.env.CART_URL ?? 'http://cart.internal';

createServer(async (request, response) => {
  if (request.url !== '/') return response.writeHead(200).end('web'); // health checks buy nothing
  try {
    const answer = await fetch(cart);
    const calls = answer.ok ? [await answer.json()] : [{ service: 'cart', status: answer.status }];
    const environment = process.env.BERTH_ENVIRONMENT;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ service: 'web', version, environment, calls }));
  } catch (error) {
    response.writeHead(502).end(`web could not reach cart: ${error.cause?.message ?? error.message}`);
  }
}).listen(process.env.PORT);
