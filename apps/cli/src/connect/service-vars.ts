import { askApi } from '../ask-api.js';
import { localhost } from './local-proxy.js';

/** How config vars name the server of PostgreSQL add-ons, which only environments and tethers reach. */
const dataServer = '@data.internal:5432/';

/** What a service of a project environment sees, as `berth environments:env` prints it. */
export async function readServiceVars(environment: string, service: string): Promise<Record<string, string>> {
  const query = new URLSearchParams({ service });
  return parseExports(await askApi<string>('GET', `/environments/${encodeURIComponent(environment)}/env?${query}`));
}

/** Lines of `export NAME='value'`; a quote within is `'\''`, and a value may have several lines. */
export function parseExports(text: string): Record<string, string> {
  const lines = text.matchAll(/^export (\w+)=((?:'[^']*'|\\')*)$/gm);
  return Object.fromEntries(
    [...lines].map(([, name = '', words = '']) => [name, words.replaceAll(/'([^']*)'|\\(')/g, '$1$2')]),
  );
}

export const usesData = (vars: Record<string, string>): boolean =>
  Object.values(vars).some((value) => value.includes(dataServer));

/** Databases are reached at a port of this machine. */
export const withLocalData = (vars: Record<string, string>, port: number): Record<string, string> =>
  Object.fromEntries(
    Object.entries(vars).map(([name, value]) => [name, value.replaceAll(dataServer, `@${localhost}:${port}/`)]),
  );
