import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { findExecAddress } from './exec-address.mjs';
import { hostSources } from './host-sources.mjs';
import { platformImage } from './platform-recipe.mjs';
import { isOfRegistry, registrySettings } from './registry-settings.mjs';
import { stateDirectory } from './remove-everything.mjs';
import { bindAddress } from './settings.mjs';
import { hashFiles } from './stamps.mjs';

/**
 * Secrets are made once; the files that docker-compose.yml reads are written anew at each start.
 * @type {import('./run-steps.mjs').Step}
 */
export const makeSettings = {
  name: 'settings and secrets',
  run: async ({ settings, engine, found }) => {
    mkdirSync(join(settings.home, 'env'), { recursive: true, mode: 0o700 });
    writePrivate(
      join(settings.home, 'settings.json'),
      `${JSON.stringify({ ...settings.chosen, ...settings.more }, null, 2)}\n`,
    );
    const secrets = readSecrets(settings.home);
    const names = await hostNamesOf(settings);
    found.secrets = secrets;
    found.names = names;
    found.urls = urlsFromHost(secrets, names);
    found.npmRegistry = (await run(['npm', 'config', 'get', 'registry'])).stdout.trim();
    found.sources = await hostSources();
    const exec = await findExecAddress(settings, engine);
    found.execAddress = exec.address;
    for (const [name, env] of Object.entries(processEnvs(settings, secrets, found)))
      writePrivate(join(settings.home, 'env', `${name}.env`), envFile(env));
    writePrivate(join(settings.home, 'compose.env'), envFile(composeEnv(settings, names)));
    return exec.reason;
  },
};

/**
 * @typedef {{ secretKey: string, authSecret: string, postgresPassword: string, redisPassword: string, dataPassword: string, registrySecret: string, registryEvents: string, registryProcesses: Record<string, string> }} Secrets
 * @typedef {{ net: string, platformBridge: string, routerBridge: string, routerNetwork: string, routerSubnet: string, routerGateway: string, mirror: string, dataPort: string }} Names
 */

/**
 * @param {string} home
 * @returns {Secrets}
 */
export function readSecrets(home) {
  const file = join(home, 'secrets.json');
  const random = () => randomBytes(24).toString('base64url');
  const processes = ['git', 'builder', 'releaser', 'host', 'operator'];
  const made = {
    secretKey: randomBytes(32).toString('base64'),
    authSecret: randomBytes(32).toString('base64url'),
    postgresPassword: random(),
    redisPassword: random(),
    dataPassword: random(),
    registrySecret: random(),
    registryEvents: random(),
    registryProcesses: Object.fromEntries(processes.map((name) => [name, random()])),
  };
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const isWhole = Object.keys(made).every((name) => name in kept); // an older Berth had fewer
  const secrets = { ...made, ...kept };
  if (!isWhole) writePrivate(file, `${JSON.stringify(secrets, null, 2)}\n`);
  return secrets;
}

/**
 * Names and addresses by the rules of packages/domain (compiled by now).
 * @param {import('./settings.mjs').Settings} settings
 * @returns {Promise<Names>}
 */
export async function hostNamesOf(settings) {
  const { hostNames } = await import('@berth/domain/host-names');
  const { mirrorPort } = await import('@berth/domain/mirror-port');
  const { dataPort } = await import('@berth/domain/data-port');
  const { subnetPool } = await import('@berth/domain/subnet-pool');
  const names = hostNames(settings.instance);
  const pool = subnetPool(settings.chosen.BERTH_SUBNET_POOL);
  return {
    net: pool.platformAddress(0).replace(/\.0$/, ''),
    platformBridge: names.bridge('platform', 'platform'),
    routerBridge: names.bridge('platform', 'router'),
    routerNetwork: names.routerNetwork,
    routerSubnet: pool.routerSubnet,
    routerGateway: pool.routerGateway,
    mirror: `${pool.routerGateway}:${mirrorPort}`,
    dataPort: String(dataPort),
  };
}

/**
 * Where the real parts answer, seen from this host.
 * @param {Secrets} secrets
 * @param {Names} names
 */
export function urlsFromHost(secrets, names) {
  return {
    database: `postgres://berth:${secrets.postgresPassword}@${names.net}.10:5432/berth`,
    redis: `redis://:${secrets.redisPassword}@${names.net}.11:6379`,
    registry: `http://${names.net}.12:5000`,
  };
}

/** Directory of the data server's socket, as docker-compose.yml mounts it. */
const dataSocket = '/var/log/postgresql';

/**
 * One file of settings per process: each is told what it needs and no more.
 * @param {import('./settings.mjs').Settings} settings
 * @param {Secrets} secrets
 * @param {Record<string, any>} found what the steps before found out
 * @returns {Record<string, Record<string, string>>}
 */
function processEnvs(settings, secrets, { npmRegistry, sources, names, execAddress }) {
  const { instance, chosen, more } = settings;
  const common = {
    ...Object.fromEntries(Object.entries(more).filter(([name]) => !isOfRegistry(name))),
    BERTH_INSTANCE: instance,
  };
  const platform = {
    ...common,
    DATABASE_URL: `postgres://berth:${secrets.postgresPassword}@postgres:5432/berth`,
    REDIS_URL: `redis://:${secrets.redisPassword}@redis:6379`,
    BERTH_SECRET_KEY: secrets.secretKey,
    BERTH_DOMAIN: chosen.BERTH_DOMAIN,
    BERTH_PORT: chosen.BERTH_PORT,
    BERTH_APPS_PORT: chosen.BERTH_APPS_PORT,
    BERTH_APPS_TLS_PORT: chosen.BERTH_APPS_TLS_PORT,
    BERTH_SSH_PORT: chosen.BERTH_SSH_PORT,
    ...(execAddress && { BERTH_EXEC_ADDRESS: execAddress }),
  };
  const registries = registrySettings(settings, secrets);
  const auth = { BERTH_AUTH_SECRET: secrets.authSecret };
  const engine = { ENGINE_SOCKET: '/run/berth/engine.sock' };
  const data = {
    BERTH_DATA_HOST: dataSocket,
    BERTH_DATA_PASSWORD: secrets.dataPassword,
    BERTH_DATA_WAKE: `${dataSocket}/wanted`,
  };
  const npm = { BERTH_NPM_REGISTRY: npmRegistry };
  const scratch = { TMPDIR: '/var/lib/berth/scratch' }; // layers and archives: /tmp is memory
  return {
    postgres: { POSTGRES_PASSWORD: secrets.postgresPassword },
    redis: { REDIS_PASSWORD: secrets.redisPassword },
    data: {
      DATA_PASSWORD: secrets.dataPassword,
      DATA_PORT: names.dataPort,
      BERTH_ROUTER_GATEWAY: names.routerGateway,
      BERTH_SUBNET_POOL: chosen.BERTH_SUBNET_POOL,
    },
    registry: registries.registry,
    'registry-production': registries['registry-production'],
    host: {
      ...common,
      REDIS_URL: platform.REDIS_URL,
      ...registries.host,
      BERTH_SUBNET_POOL: chosen.BERTH_SUBNET_POOL,
      BERTH_CA_BUNDLE: chosen.BERTH_CA_BUNDLE,
      BERTH_DISKS_DIR: join(stateDirectory(instance), 'disks'),
      BERTH_IMAGE: platformImage,
    },
    git: { ...platform, ...registries.git, ...scratch },
    mirror: { BERTH_ROUTER_GATEWAY: names.routerGateway, ...registries.mirror },
    builder: {
      ...{ ...sources, ...platform, ...registries.builder, ...engine, ...npm, ...scratch },
      BERTH_MIRROR: names.mirror,
    },
    releaser: { ...platform, ...registries.releaser, ...engine, ...data },
    router: {
      ...platform,
      BERTH_ROUTER_DIR: '/var/lib/berth/router',
      BERTH_SUBNET_POOL: chosen.BERTH_SUBNET_POOL,
      BERTH_BIND_ADDRESS: bindAddress(chosen),
    },
    api: { ...platform, ...registries.api, ...auth, ...engine, BERTH_ROUTER_GATEWAY: names.routerGateway },
    dashboard: {
      ...{ ...platform, ...auth, BERTH_ROUTER_GATEWAY: names.routerGateway },
      BERTH_HAS_PRODUCTION_REGISTRY: registries.api.BERTH_HAS_PRODUCTION_REGISTRY,
    },
  };
}

/**
 * What docker-compose.yml itself is filled with.
 * @param {import('./settings.mjs').Settings} settings
 * @param {Names} names
 */
function composeEnv({ instance, home, socket, chosen }, names) {
  return {
    COMPOSE_PROJECT_NAME: instance,
    BERTH_INSTANCE: instance,
    BERTH_HOME: home,
    BERTH_IMAGE: platformImage,
    BERTH_CODE: hashFiles(['packages', 'apps'], isRun).slice(0, 12),
    BERTH_NET: names.net,
    BERTH_PLATFORM_BRIDGE: names.platformBridge,
    BERTH_REGISTRY_PORT: chosen.BERTH_REGISTRY_PORT,
    BERTH_PRODUCTION_REGISTRY_PORT: chosen.BERTH_PRODUCTION_REGISTRY_PORT,
    BERTH_ROUTER_GATEWAY: names.routerGateway,
    BERTH_CA_BUNDLE: chosen.BERTH_CA_BUNDLE,
    BERTH_DISKS_DIR: join(stateDirectory(instance), 'disks'),
    BERTH_DOCKER_SOCKET: socket,
  };
}

/**
 * What our processes run, tests left out.
 * @param {string} name
 */
const isRun = (name) =>
  !name.endsWith('next-env.d.ts') && /\/src\/|package\.json$/.test(name) && !/\.test\.tsx?$/.test(name);

/** @param {Record<string, string>} env */
const envFile = (env) =>
  Object.entries(env)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

/**
 * @param {string} file
 * @param {string} text
 */
const writePrivate = (file, text) => writeFileSync(file, text, { mode: 0o600 });
