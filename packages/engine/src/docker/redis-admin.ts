import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { runIn } from './exec.js';

/** The password is read where the server runs: it is in no argument that a list of processes shows. */
const client = ['sh', '-c', 'REDISCLI_AUTH="$(cat /tmp/admin)" exec redis-cli -e --user berth --no-auth-warning "$@"'];

/** One command to an add-on's Redis server as the platform: its answer as redis-cli prints it; an error answer is thrown. */
export function askRedis(container: Docker.Container, command: readonly string[]): Promise<string> {
  return runIn(container, { argv: [...client, 'redis-cli', ...command] });
}

/** Several commands with secrets in them, by stdin. */
export function tellRedis(container: Docker.Container, commands: readonly string[]): Promise<string> {
  const input = Readable.from([`${commands.join('\n')}\n`]);
  return runIn(container, { argv: [...client, 'redis-cli'], input });
}

export const readAdminPassword = (container: Docker.Container): Promise<string> =>
  runIn(container, { argv: ['cat', '/tmp/admin'] });
