import { existsSync, readFileSync } from 'node:fs';
import { createConnection, isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { bindAddress } from './settings.mjs';

/**
 * The address at whose port 80 `heroku ps:exec` finds our SSH server, or in one sentence why there is none: it is no reason not to
 * start. Our own router may have it already.
 * @param {import('./settings.mjs').Settings} settings
 * @param {import('./engine.mjs').Engine} engine
 * @returns {Promise<{ address?: string, reason?: string }>}
 */
export async function findExecAddress(settings, engine) {
  const address = wantedAddress(settings.chosen);
  if (!address) return {};
  const off = (/** @type {string} */ why) => ({ reason: `heroku ps:exec is off: ${why}` });
  if (!isIPv4(address)) return off(`BERTH_EXEC_ADDRESS=${address} is no IPv4 address.`);
  if (!isOfThisHost(address)) return off(`${address} is no address of this host.`);
  const own = ownPortAt(settings.chosen, address);
  if (own)
    return off(
      `port 80 of ${address} is Berth's own (${own}=80). Choose another address, and one address for BERTH_BIND_ADDRESS.`,
    );
  if ((await isOurs(settings, engine, address)) || (await isFree(address))) return { address };
  return off(`another program has port 80 of ${address}. Choose another address: BERTH_EXEC_ADDRESS=… npm start`);
}

/**
 * On this machine alone every address of 127.0.0.0/8 is there to be taken; one for each Berth, by its port. With a domain of its
 * own it must be said: all addresses may be others'.
 * @param {Pick<import('./settings.mjs').Settings['chosen'], 'BERTH_EXEC_ADDRESS' | 'BERTH_DOMAIN' | 'BERTH_PORT'>} chosen
 */
export function wantedAddress({ BERTH_EXEC_ADDRESS: given, BERTH_DOMAIN, BERTH_PORT }) {
  if (given === 'off') return undefined;
  if (given) return given;
  const port = Number(BERTH_PORT);
  return BERTH_DOMAIN === 'localhost' ? `127.80.${port >> 8}.${port & 255}` : undefined;
}

/**
 * Which public port of Berth is 80 at this address. Beside a listener at all addresses HAProxy has one at a single address, and that
 * one wins: who calls the web there would meet SSH. So of all addresses only those of this machine alone are apart from it, but for
 * 127.0.0.1, at which people call the web, too.
 * @param {Pick<import('./settings.mjs').Settings['chosen'], typeof publicPorts[number] | 'BERTH_BIND_ADDRESS' | 'BERTH_DOMAIN'>} chosen
 * @param {string} address
 */
export function ownPortAt(chosen, address) {
  const bound = bindAddress(chosen);
  const isApart = ['*', '0.0.0.0', '::'].includes(bound)
    ? address.startsWith('127.') && address !== '127.0.0.1'
    : address !== bound;
  return isApart ? undefined : publicPorts.find((name) => chosen[name] === '80');
}

const publicPorts = /** @type {const} */ (['BERTH_PORT', 'BERTH_APPS_PORT', 'BERTH_APPS_TLS_PORT', 'BERTH_SSH_PORT']);

/** @param {string} address */
const isOfThisHost = (address) =>
  address.startsWith('127.') ||
  Object.values(networkInterfaces()).some((all) => all?.some((one) => one.address === address));

/**
 * @param {import('./settings.mjs').Settings} settings
 * @param {import('./engine.mjs').Engine} engine
 * @param {string} address
 */
async function isOurs({ instance, home }, engine, address) {
  const file = join(home, 'env', 'router.env');
  if (!existsSync(file) || !readFileSync(file, 'utf8').includes(`BERTH_EXEC_ADDRESS=${address}\n`)) return false;
  const routers = await engine.list('containers', [`berth.instance=${instance}`, 'com.docker.compose.service=router']);
  return routers.some(({ State }) => State === 'running');
}

/**
 * Whether nobody answers there, also nobody who listens at all addresses. Only root could try to listen.
 * @param {string} address
 * @returns {Promise<boolean>}
 */
function isFree(address) {
  return new Promise((resolve) => {
    const socket = createConnection({ host: address, port: 80, timeout: 2000 });
    const end = (/** @type {boolean} */ answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', () => end(false)).on('timeout', () => end(false));
    socket.on('error', (/** @type {NodeJS.ErrnoException} */ error) => end(error.code === 'ECONNREFUSED'));
  });
}
