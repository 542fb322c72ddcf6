import { notFound } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { appUrl } from '../addresses.js';
import { readConfig } from '../config-layers/read-config.js';
import type { Platform } from '../platform.js';
import { getProjectFor } from './get-project-for.js';
import { readProjectView } from './read-project-view.js';

/**
 * Lines for a shell on somebody's own machine: the config vars of one service (of the only one, when none is named), the
 * environment's name, and `<SERVICE>_URL` of each service as it is reached from outside, the environment's own or the base's.
 */
export async function getProjectEnv(
  platform: Platform,
  { actor, environment, service }: { actor: Actor; environment: string; service?: string | undefined },
): Promise<string> {
  const { id } = await getProjectFor(platform.db, { actor, environment, right: 'app.view-config' });
  const view = await readProjectView(platform, id);
  const found = service === undefined && view.services.length === 1 ? view.services[0] : undefined;
  const of = found ?? view.services.find((one) => one.service === service);
  if (service !== undefined && !of) throw notFound('service', service);
  const urls = [
    ...view.services.map((one) => [one.service, one.app.name] as const),
    ...view.fallbacks.flatMap((one) => (one.app ? [[one.service, one.app.name] as const] : [])),
  ].map(([name, app]) => [`${name.toUpperCase().replaceAll('-', '_')}_URL`, appUrl(platform.addresses, app)] as const);
  const vars = {
    ...Object.fromEntries(urls),
    BERTH_ENVIRONMENT: view.name,
    ...(of ? { BERTH_SERVICE: of.service, ...(await readOwnVars(platform, of.app.id)) } : {}),
  };
  return Object.entries(vars)
    .map(([key, value]) => `export ${key}=${quote(value)}\n`)
    .join('');
}

/** Without what Berth tells an app of its surroundings: those addresses answer only inside of them. */
async function readOwnVars(platform: Platform, appId: string): Promise<Record<string, string>> {
  const vars = await readConfig(platform, platform.db, appId);
  return Object.fromEntries(
    [...vars].flatMap(([key, { value, origin }]) => (origin === 'berth' ? [] : [[key, value]])),
  );
}

/** One word of a POSIX shell, whatever is in it. */
const quote = (value: string) => `'${value.replaceAll("'", `'\\''`)}'`;
