import { askApi } from '../ask-api.js';
import { localhost } from './local-proxy.js';

/** How config vars name the server of PostgreSQL add-ons, which only environments and tethers reach. */
const dataServer = '@data.internal:5432/';

/** The same for Redis servers of add-ons, each of which has a name of its own. */
const redisServer = /@(redis-[0-9a-f]+\.internal):6379(?!\d)/g;

/** What a service of an environment sees, as `berth environments:env` prints it. */
export async function readServiceVars(
  { environment, team }: { environment: string; team: string | undefined },
  service: string,
): Promise<Record<string, string>> {
  const query = new URLSearchParams({ service, ...(team === undefined ? {} : { team }) });
  return parseExports(await askApi<string>('GET', `/environments/${encodeURIComponent(environment)}/env?${query}`));
}

/** Lines of `export NAME='value'`; a quote within is `'\''`, and a value may have several lines. */
export function parseExports(text: string): Record<string, string> {
  const lines = text.matchAll(/^export (\w+)=((?:'[^']*'|\\')*)$/gm);
  return Object.fromEntries(
    [...lines].map(([, name = '', words = '']) => [name, words.replaceAll(/'([^']*)'|\\(')/g, '$1$2')]),
  );
}

/** What is to be said of a Redis that the service shares with its base (BERTH_SHARED_REDIS): here no process knows whose a job is. */
export const sharedRedisWarning = (vars: Record<string, string>, service: string): string | undefined =>
  vars.BERTH_SHARED_REDIS === undefined
    ? undefined
    : `${service} shares a Redis with its base: a worker of a queue that runs here takes the base's jobs, too`;

export const usesData = (vars: Record<string, string>): boolean =>
  Object.values(vars).some((value) => value.includes(dataServer));

/** Names of the Redis servers that these config vars lead to, each once. */
export const redisHostsIn = (vars: Record<string, string>): string[] => [
  ...new Set(Object.values(vars).flatMap((value) => [...value.matchAll(redisServer)].map(([, host = '']) => host))),
];

/** Databases are reached at a port of this machine, and each Redis server at one of its own. */
export const withLocalData = (
  vars: Record<string, string>,
  { data, redis }: { data?: number | undefined; redis: ReadonlyMap<string, number> },
): Record<string, string> => {
  const at = (port: number | undefined, as: string, rest = '') =>
    port === undefined ? as : `@${localhost}:${port}${rest}`;
  const localize = (value: string) =>
    value
      .replaceAll(dataServer, at(data, dataServer, '/'))
      .replaceAll(redisServer, (as, host: string) => at(redis.get(host), as));
  return Object.fromEntries(Object.entries(vars).map(([name, value]) => [name, localize(value)]));
};
