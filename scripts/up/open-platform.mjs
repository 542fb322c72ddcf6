import { hostNamesOf, readSecrets, urlsFromHost } from './make-settings.mjs';

/**
 * The use cases of this Berth, for scripts on its host. Close it after use.
 * @param {import('./settings.mjs').Settings} settings
 */
export async function openOwnPlatform(settings) {
  const { Secret } = await import('@berth/domain/secret');
  const { openPlatform } = await import('@berth/platform/platform');
  const { chosen, instance, home } = settings;
  const secrets = readSecrets(home);
  const urls = urlsFromHost(secrets, await hostNamesOf(settings));
  return openPlatform({
    BERTH_INSTANCE: instance,
    DATABASE_URL: urls.database,
    REDIS_URL: urls.redis,
    BERTH_SECRET_KEY: new Secret(secrets.secretKey),
    BERTH_DOMAIN: chosen.BERTH_DOMAIN,
    BERTH_PORT: Number(chosen.BERTH_PORT),
    BERTH_APPS_PORT: Number(chosen.BERTH_APPS_PORT),
    BERTH_APPS_TLS_PORT: Number(chosen.BERTH_APPS_TLS_PORT),
    BERTH_SSH_PORT: Number(chosen.BERTH_SSH_PORT),
  });
}

const holdMs = 10 * 60_000;
const waitMs = 20_000;

/**
 * Keeps collections from freeing blobs while `push` pushes some. A window that does not end within 20 s is one that was left
 * open when the whole Berth was stopped: then no collector runs either.
 * @template T
 * @param {import('./settings.mjs').Settings} settings
 * @param {() => Promise<T>} push
 * @returns {Promise<T>}
 */
export async function withRegistryHeld(settings, push) {
  const { endHold, holdForPerson } = await import('@berth/platform/registry/hold-for-person');
  const platform = await openOwnPlatform(settings);
  const id = await holdForPerson(platform, { repository: 'pushed/by-a-script', ms: holdMs, waitMs });
  try {
    return await push();
  } finally {
    if (id) await endHold(platform, { id });
    await platform.close();
  }
}
