/**
 * Environment of one registry service. Each variable is a whole part of its configuration, which the registry reads as YAML
 * (https://distribution.github.io/distribution/about/configuration/#override-specific-configuration-options).
 * @param {object} options
 * @param {string} options.httpSecret
 * @param {string} options.publicUrl where people reach this Berth, without a slash at the end
 * @param {string} options.eventsSecret opens the API's door for notifications
 * @param {Record<string, string>} options.more the settings BERTH_REGISTRY_S3_*
 * @returns {Record<string, string>}
 */
export function registryEnv({ httpSecret, publicUrl, eventsSecret, more }) {
  return {
    REGISTRY_HTTP_SECRET: httpSecret,
    REGISTRY_AUTH: JSON.stringify({
      token: {
        realm: `${publicUrl}/registry/token`,
        service: 'berth',
        issuer: 'berth',
        rootcertbundle: '/run/berth/token.crt',
      },
    }),
    REGISTRY_NOTIFICATIONS: JSON.stringify({
      endpoints: [
        {
          name: 'berth',
          url: 'http://api:8000/registry/events',
          headers: { Authorization: [`Bearer ${eventsSecret}`] },
          timeout: '30s',
          threshold: 3,
          backoff: '2s',
          ignore: { mediatypes: ['application/octet-stream'], actions: ['pull', 'mount', 'delete'] },
        },
      ],
    }),
    ...s3Env(more),
  };
}

/** Names of the s3 driver's parameters by our settings (https://distribution.github.io/distribution/storage-drivers/s3/). */
const s3Parameters = {
  BERTH_REGISTRY_S3_BUCKET: 'bucket',
  BERTH_REGISTRY_S3_REGION: 'region',
  BERTH_REGISTRY_S3_ENDPOINT: 'regionendpoint',
  BERTH_REGISTRY_S3_ROOT: 'rootdirectory',
  BERTH_REGISTRY_S3_ACCESS_KEY: 'accesskey',
  BERTH_REGISTRY_S3_KEY: 'secretkey',
};

/**
 * With a bucket the blobs lie there, else in the service's volume. Clients get them through the registry and not by a redirect to
 * the bucket, which the host, builds and people may not reach.
 * @param {Record<string, string>} more
 * @returns {Record<string, string>}
 */
function s3Env(more) {
  const storage = s3Storage(more);
  return storage ? { REGISTRY_STORAGE: JSON.stringify({ ...storage, delete: { enabled: true } }) } : {};
}

/**
 * The same blobs for the mirror's own registry process, which only reads (scripts/parts/mirror-registry.yml).
 * @param {Record<string, string>} more
 * @returns {Record<string, string>}
 */
export function mirrorStorageEnv(more) {
  const storage = s3Storage(more);
  const maintenance = { uploadpurging: { enabled: false }, readonly: { enabled: true } };
  return storage ? { REGISTRY_STORAGE: JSON.stringify({ ...storage, maintenance }) } : {};
}

/** @param {Record<string, string>} more */
function s3Storage(more) {
  if (!more.BERTH_REGISTRY_S3_BUCKET) return undefined;
  const s3 = Object.fromEntries(
    Object.entries(s3Parameters).flatMap(([name, parameter]) => (more[name] ? [[parameter, more[name]]] : [])),
  );
  return { s3: { region: 'us-east-1', ...s3 }, redirect: { disable: true } };
}
