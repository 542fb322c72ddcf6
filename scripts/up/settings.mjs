import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * What may be chosen at the first start; later starts keep it (`settings.json` in BERTH_HOME) unless it is given again.
 * Any other setting that starts with BERTH_ is handed to our processes as it is: their config.ts files say what there is.
 */
const defaults = {
  BERTH_DOMAIN: 'localhost',
  BERTH_PORT: '5000',
  BERTH_APPS_PORT: '8080',
  BERTH_APPS_TLS_PORT: '8443',
  BERTH_SSH_PORT: '2222',
  BERTH_REGISTRY_PORT: '5050',
  /** With a port there is a second registry, which environments of production pull from. */
  BERTH_PRODUCTION_REGISTRY_PORT: '',
  BERTH_SUBNET_POOL: '100.64.0.0/12',
  /** Address of the public ports; empty: 127.0.0.1 for the domain localhost, else all (`*`). */
  BERTH_BIND_ADDRESS: '',
  /** Address whose port 80 is for `heroku ps:exec`, or `off`; empty: one of 127.80.0.0/16 for the domain localhost, else off. */
  BERTH_EXEC_ADDRESS: '',
  BERTH_CA_BUNDLE: '/etc/ssl/certs/ca-certificates.crt',
  BERTH_STACK_IMAGE: '',
};

/**
 * @typedef {object} Settings
 * @property {string} instance names this Berth on its host
 * @property {string} home folder of its settings, secrets and logs
 * @property {string} cache folder of what any Berth of this user may use again
 * @property {string} socket of the Docker Engine
 * @property {Record<keyof typeof defaults, string>} chosen
 * @property {Record<string, string>} more other settings of our processes
 * @property {boolean} [isDev] `npm run dev`: docker-compose.dev.yml is laid over docker-compose.yml
 */

/**
 * Reads the settings; changes nothing.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Settings}
 */
export function readSettings(env = process.env) {
  const instance = env.BERTH_INSTANCE || 'berth';
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(instance))
    throw new Error(`BERTH_INSTANCE=${instance}: only a-z, 0-9 and -, starting with a letter, 31 characters at most.`);
  const home = resolve(root, env.BERTH_HOME || (instance === 'berth' ? '.berth' : `.berth-${instance}`));
  const kept = readKept(home);
  return {
    instance,
    home,
    cache: join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'berth'),
    socket: socketOf(env.DOCKER_HOST),
    chosen: /** @type {Settings['chosen']} */ (
      Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, env[name] || kept[name] || value]))
    ),
    more: Object.fromEntries(
      [...Object.entries(kept), ...Object.entries(env)].flatMap(([name, value]) =>
        isOther(name) && value ? [[name, value]] : [],
      ),
    ),
  };
}

/**
 * Where the public ports are. `*.localhost` is this machine's own: without a domain of its own a Berth is not open to the network it
 * stands in.
 * @param {Pick<Settings['chosen'], 'BERTH_BIND_ADDRESS' | 'BERTH_DOMAIN'>} chosen
 */
export const bindAddress = ({ BERTH_BIND_ADDRESS, BERTH_DOMAIN }) =>
  BERTH_BIND_ADDRESS || (BERTH_DOMAIN === 'localhost' ? '127.0.0.1' : '*');

/** @param {string} name */
const isOther = (name) =>
  /^BERTH_(?!INSTANCE$|HOME$)[A-Z0-9_]+$/.test(name) && !(name in defaults) && !/SECRET|PASSWORD|TOKEN/.test(name);

/**
 * @param {string} home
 * @returns {Record<string, string>}
 */
function readKept(home) {
  const file = join(home, 'settings.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/** @param {string | undefined} dockerHost */
function socketOf(dockerHost) {
  if (!dockerHost) return '/var/run/docker.sock';
  if (dockerHost.startsWith('unix://')) return dockerHost.slice('unix://'.length);
  throw new Error(`DOCKER_HOST=${dockerHost}: Berth works with the Docker Engine of its own host (unix://…).`);
}
