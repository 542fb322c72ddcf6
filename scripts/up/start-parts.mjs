import { createConnection } from 'node:net';
import { compose } from './compose.mjs';
import { waitFor } from './wait-for.mjs';

/**
 * PostgreSQL, Redis and the registry, up to their first answer.
 * @type {import('./run-steps.mjs').Step}
 */
export const startParts = {
  name: 'postgres, redis, registry',
  mend: 'npm run doctor says which of them does not run, and why.',
  run: async ({ settings, engine, found, log }) => {
    await ensureRouterNetwork(engine, settings.instance, found.names);
    await compose(settings, ['up', '-d', 'postgres', 'redis', 'registry'], log);
    await waitFor('PostgreSQL did not answer', 60, () => askDatabase(found.urls.database));
    await waitFor('Redis did not answer', 30, () => askRedis(found.urls.redis));
    await waitFor('The registry did not answer', 30, async () => {
      const { status } = await fetch(`${found.urls.registry}/v2/`);
      if (status !== 401) throw new Error(`status ${status}`); // it asks who we are
    });
  },
};

/** @param {string} url */
async function askDatabase(url) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    connectionString: url.replace(/\/berth$/, '/postgres'),
    connectionTimeoutMillis: 2000,
  });
  try {
    await client.connect();
    await client.query('SELECT 1');
  } catch (error) {
    if (!isWrongPassword(error)) throw error;
    throw new Error(
      'its data is that of an earlier Berth of this name, with another password. npm run reset removes the data; to keep it, start from the folder that made it',
    );
  } finally {
    await client.end().catch(() => {});
  }
}

/** @param {unknown} error `invalid_password` of PostgreSQL's table of error codes */
const isWrongPassword = (error) => error instanceof Error && 'code' in error && error.code === '28P01';

/**
 * @param {string} url
 * @returns {Promise<void>}
 */
function askRedis(url) {
  const { hostname, port, password } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: hostname, port: Number(port), timeout: 2000 });
    socket.write(`AUTH ${password}\r\nPING\r\n`);
    let answer = '';
    socket.on('data', (data) => {
      answer += data;
      if (!answer.includes('PONG') && !answer.includes('-ERR')) return;
      socket.destroy();
      if (answer.includes('PONG')) resolve();
      else reject(new Error(answer.trim()));
    });
    socket.on('timeout', () => socket.destroy(new Error('timeout'))).on('error', reject);
  });
}

/**
 * The small network whose gateway is the address of DNS and of the internal router. No container is ever in it, so
 * compose would not make it.
 * @param {import('./engine.mjs').Engine} engine
 * @param {string} instance
 * @param {import('./make-settings.mjs').Names} names
 */
async function ensureRouterNetwork(engine, instance, names) {
  if (await engine.tryAsk('GET', `/networks/${names.routerNetwork}`)) return;
  await engine.ask('POST', '/networks/create', {
    Name: names.routerNetwork,
    Driver: 'bridge',
    CheckDuplicate: true,
    IPAM: { Config: [{ Subnet: names.routerSubnet, Gateway: names.routerGateway }] },
    Options: { 'com.docker.network.bridge.name': names.routerBridge },
    Labels: { 'berth.instance': instance, 'berth.kind': 'router-network' },
  });
}
