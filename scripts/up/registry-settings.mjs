import { mirrorStorageEnv, registryEnv, s3Of } from './registry-env.mjs';

/** Settings that stay with the registries' own services and with those who are told below: some are secrets. @param {string} name */
export const isOfRegistry = (name) => /^BERTH_(PRODUCTION_)?REGISTRY_/.test(name);

/**
 * What is to be set about our registries, by service.
 * @param {import('./settings.mjs').Settings} settings
 * @param {import('./make-settings.mjs').Secrets} secrets
 */
export function registrySettings({ chosen, more }, secrets) {
  const api = 'http://api:8000/registry/token';
  const signIn = (/** @type {string} */ name) => ({
    REGISTRY_TOKEN_URL: api.replace('//', `//${name}:${secrets.registryProcesses[name]}@`),
  });
  const url = { REGISTRY_URL: 'http://registry:5000' };
  const production = productionOf(chosen, more);
  const inProduction = (/** @type {string} */ name) => production.settings(name, secrets.registryProcesses[name]);
  const s3 = s3Of(more, 'BERTH_REGISTRY');
  const httpSecret = secrets.registrySecret;
  return {
    registry: registryEnv({
      ...{ httpSecret, s3, service: 'berth', eventsSecret: secrets.registryEvents },
      realm: `${publicUrl(chosen)}/registry/token`,
    }),
    // Only our processes come here, and what they give the Docker daemon is a token: nobody else asks at that address.
    'registry-production': registryEnv({
      ...{ httpSecret, s3: s3Of(more, 'BERTH_PRODUCTION_REGISTRY'), service: 'berth-production', realm: api },
    }),
    mirror: mirrorStorageEnv(s3),
    git: { ...url, ...signIn('git') },
    builder: { ...url, ...signIn('builder') },
    releaser: { ...url, ...signIn('releaser'), ...inProduction('releaser'), ...production.ownership },
    host: {
      REGISTRY_PULL_HOST: `127.0.0.1:${chosen.BERTH_REGISTRY_PORT}`,
      ...signIn('host'),
      ...inProduction('host'),
    },
    api: {
      ...url,
      BERTH_REGISTRY_KEYS: '/run/berth-registry',
      BERTH_REGISTRY_SECRETS: Object.entries(secrets.registryProcesses)
        .map(([name, secret]) => `${name}=${secret}`)
        .join(','),
      BERTH_REGISTRY_EVENTS_SECRET: secrets.registryEvents,
      BERTH_HAS_PRODUCTION_REGISTRY: String(production.isThere),
    },
  };
}

/**
 * The registry of production: one of our own with a port, or any other by its address.
 * @param {import('./settings.mjs').Settings['chosen']} chosen
 * @param {Record<string, string>} more
 */
function productionOf({ BERTH_PRODUCTION_REGISTRY_PORT: port }, more) {
  const url = more.BERTH_PRODUCTION_REGISTRY_URL;
  const host = port ? `127.0.0.1:${port}` : more.BERTH_PRODUCTION_REGISTRY_PULL_HOST;
  return {
    isThere: Boolean(port || url),
    ownership: { BERTH_PRODUCTION_REGISTRY_IS_OURS: String(Boolean(port)) },
    settings: (/** @type {string} */ name, /** @type {string | undefined} */ secret) => ({
      ...(port && { BERTH_PRODUCTION_REGISTRY_URL: `http://${name}:${secret}@registry-production:5000` }),
      ...(!port && url && { BERTH_PRODUCTION_REGISTRY_URL: url }),
      ...(host && { BERTH_PRODUCTION_REGISTRY_PULL_HOST: host }),
    }),
  };
}

/**
 * Where people reach the platform's port; the router puts the host by which they really came in its place.
 * @param {import('./settings.mjs').Settings['chosen']} chosen
 */
const publicUrl = ({ BERTH_DOMAIN, BERTH_PORT }) =>
  `${BERTH_DOMAIN === 'localhost' ? 'http' : 'https'}://${BERTH_DOMAIN}:${BERTH_PORT}`;
