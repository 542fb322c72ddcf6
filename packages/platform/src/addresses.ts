import { dataPort, redisPort } from '@berth/domain/data-port';
import type { Addresses } from './platform.js';

const withPort = (scheme: 'http' | 'https', host: string, port: number) =>
  `${scheme}://${host}${port === (scheme === 'http' ? 80 : 443) ? '' : `:${port}`}`;

/** `http://<app>.<domain>:<apps port>/`, with the slash as Heroku's web_url has it. */
export function appUrl(addresses: Addresses, appName: string): string {
  return `${withPort('http', `${appName}.${addresses.domain}`, addresses.appsPort)}/`;
}

/** An app's host for browsers, no slash at the end: by TLS, but on localhost, where plain HTTP is trusted. */
export function hostUrl({ domain, appsPort, appsTlsPort }: Addresses, host: string): string {
  return domain === 'localhost' ? withPort('http', host, appsPort) : withPort('https', host, appsTlsPort);
}

/** The remote of `git push`, on the platform's port over TLS. */
export function gitUrl(addresses: Addresses, appName: string): string {
  return `${withPort('https', addresses.domain, addresses.port)}/${appName}.git`;
}

/** A shell beside a process of an app; `target` is the app's name, or `shop.worker.2`. */
export function sshCommand({ domain, sshPort }: Addresses, target: string): string {
  return `ssh ${sshPort === 22 ? '' : `-p ${sshPort} `}${target}@${domain}`;
}

/** The same for programs: OpenSSH takes such an address. */
export const sshUrl = ({ domain, sshPort }: Addresses, target: string): string =>
  `ssh://${target}@${domain}:${sshPort}`;

/** The remote of a pipeline: its main goes to its first app, its other branches to project environments. */
export function pipelineGitUrl(addresses: Addresses, { team, pipeline }: { team: string; pipeline: string }): string {
  return gitUrl(addresses, `${team}/${pipeline}`);
}

/**
 * Also the only origin whose cookies count; no slash at the end. A domain of one's own is reached over a network, so the
 * session's cookie travels by TLS only; on localhost browsers trust plain HTTP.
 */
export function dashboardUrl({ domain, port }: Addresses): string {
  return withPort(domain === 'localhost' ? 'http' : 'https', `dashboard.${domain}`, port);
}

/** Where apps reach the data server: a name that our DNS answers with the internal router's address. */
const dataHost = 'data.internal';

/** What apps call an add-on's Redis server, in the networks that it is in; its `key` is the add-on's `database`. */
export const redisHost = (key: string): string => `redis-${key.slice(2)}.internal`;

/** The same way back; undefined for any other host. */
export function redisKey(host: string): string | undefined {
  const [, word] = /^redis-([0-9a-f]+)\.internal$/.exec(host) ?? [];
  return word && `d_${word}`;
}

/** An add-on as an app reaches it; `postgres:` because Heroku's CLI knows a database by that word. */
export function addOnUrl(
  kind: 'postgresql' | 'redis',
  { user, password, name }: { user: string; password: string; name: string },
): string {
  return kind === 'redis'
    ? `redis://${user}:${password}@${redisHost(name)}:${redisPort}`
    : `postgres://${user}:${password}@${dataHost}:${dataPort}/${name}`;
}
