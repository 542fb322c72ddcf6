import { notFound } from '@berth/domain/errors';
import { appUrl } from '../addresses.js';
import { readConfig } from '../config-layers/read-config.js';
import { sharedRedisVar } from '../config-layers/shared-redis.js';
import type { Platform } from '../platform.js';
import { getReachable, type WantedEnvironment } from './get-reachable.js';
import { listReachableServices } from './list-reachable-services.js';

/**
 * Lines for a shell on somebody's own machine: the config vars of one service (of the only own one, when none is named), the
 * environment's name, and `<SERVICE>_URL` of each service as it is reached from outside, the environment's own or the base's.
 */
export async function getLocalEnv(
  platform: Platform,
  { service, ...wanted }: WantedEnvironment & { service?: string | undefined },
): Promise<string> {
  const environment = await getReachable(platform.db, { ...wanted, right: 'app.view-config' });
  const services = await listReachableServices(platform, environment);
  const own = services.filter(({ isOwn }) => isOwn);
  const of = service === undefined && own.length === 1 ? own[0] : own.find((one) => one.service === service);
  if (service !== undefined && !of) throw notFound('service', service);
  const urls = services.map(
    ({ service: name, app }) =>
      [`${name.toUpperCase().replaceAll('-', '_')}_URL`, appUrl(platform.addresses, app.name)] as const,
  );
  const vars = {
    ...Object.fromEntries(urls),
    BERTH_ENVIRONMENT: environment.name,
    ...(of ? { BERTH_SERVICE: of.service, ...(await readOwnVars(platform, of.app.id)) } : {}),
  };
  return Object.entries(vars)
    .map(([key, value]) => `export ${key}=${quote(value)}\n`)
    .join('');
}

/**
 * Without what Berth tells an app of its surroundings: those addresses answer only inside of them. That it shares a Redis
 * `berth connect` warns of.
 */
async function readOwnVars(platform: Platform, appId: string): Promise<Record<string, string>> {
  const vars = await readConfig(platform, platform.db, appId);
  return Object.fromEntries(
    [...vars].flatMap(([key, { value, origin }]) =>
      origin === 'berth' && key !== sharedRedisVar ? [] : [[key, value]],
    ),
  );
}

/** One word of a POSIX shell, whatever is in it. */
const quote = (value: string) => `'${value.replaceAll("'", `'\\''`)}'`;
