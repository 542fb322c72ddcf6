import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const version = readFileSync(new URL('VERSION', import.meta.url), 'utf8').trim();
const { BERTH_ENVIRONMENT: environment, CART_URL, PORT } = process.env;
const cart = CART_URL ?? 'http://cart.internal';

createServer(async (request, response) => {
  if (!['/', '/buy'].includes(request.url)) return response.writeHead(200).end('web'); // health checks buy nothing
  try {
    const answer = await fetch(`${cart}${request.url}`);
    const calls = answer.ok ? [await answer.json()] : [{ service: 'cart', status: answer.status }];
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ service: 'web', version, environment, calls }));
  } catch (error) {
    response.writeHead(502).end(`web could not reach cart: ${error.cause?.message ?? error.message}`);
  }
}).listen(PORT);
