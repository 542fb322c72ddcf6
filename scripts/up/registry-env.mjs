/**
 * Environment of one registry service. Each variable is a whole part of its configuration, which the registry reads as YAML
 * (https://distribution.github.io/distribution/about/configuration/#override-specific-configuration-options).
 * @param {object} options
 * @param {string} options.httpSecret
 * @param {string} options.realm address of the token server, for those who are not told it otherwise
 * @param {string} options.service what its tokens are for
 * @param {string} [options.eventsSecret] opens the API's door for notifications; without it there are none
 * @param {Record<string, string>} options.s3 see {@link s3Of}
 * @returns {Record<string, string>}
 */
export function registryEnv({ httpSecret, realm, service, eventsSecret, s3 }) {
  const token = { realm, service, issuer: 'berth', rootcertbundle: '/run/berth/token.crt' };
  return {
    REGISTRY_HTTP_SECRET: httpSecret,
    REGISTRY_AUTH: JSON.stringify({ token }),
    ...(eventsSecret && { REGISTRY_NOTIFICATIONS: JSON.stringify({ endpoints: [apiEndpoint(eventsSecret)] }) }),
    ...(s3.bucket && { REGISTRY_STORAGE: JSON.stringify({ ...s3Storage(s3), delete: { enabled: true } }) }),
  };
}

/** @param {string} secret */
const apiEndpoint = (secret) => ({
  name: 'berth',
  url: 'http://api:8000/registry/events',
  headers: { Authorization: [`Bearer ${secret}`] },
  timeout: '30s',
  threshold: 3,
  backoff: '2s',
  ignore: { mediatypes: ['application/octet-stream'], actions: ['pull', 'mount', 'delete'] },
});

/** Names of the s3 driver's parameters by our settings (https://distribution.github.io/distribution/storage-drivers/s3/). */
const s3Parameters = {
  BUCKET: 'bucket',
  REGION: 'region',
  ENDPOINT: 'regionendpoint',
  ROOT: 'rootdirectory',
  ACCESS_KEY: 'accesskey',
  KEY: 'secretkey',
};

/**
 * The parameters of the s3 driver in the settings `<prefix>_S3_*`; without a bucket the blobs lie in the service's volume.
 * @param {Record<string, string>} settings
 * @param {'BERTH_REGISTRY' | 'BERTH_PRODUCTION_REGISTRY'} prefix
 * @returns {Record<string, string>}
 */
export const s3Of = (settings, prefix) =>
  Object.fromEntries(
    Object.entries(s3Parameters).flatMap(([name, parameter]) => {
      const value = settings[`${prefix}_S3_${name}`];
      return value ? [[parameter, value]] : [];
    }),
  );

/**
 * Clients get blobs through the registry and not by a redirect to the bucket, which the host, builds and people may not reach.
 * @param {Record<string, string>} s3
 */
const s3Storage = (s3) => ({ s3: { region: 'us-east-1', ...s3 }, redirect: { disable: true } });

/**
 * The same blobs for the mirror's own registry process, which only reads (scripts/parts/mirror-registry.yml).
 * @param {Record<string, string>} s3
 * @returns {Record<string, string>}
 */
export function mirrorStorageEnv(s3) {
  const maintenance = { uploadpurging: { enabled: false }, readonly: { enabled: true } };
  return s3.bucket ? { REGISTRY_STORAGE: JSON.stringify({ ...s3Storage(s3), maintenance }) } : {};
}
