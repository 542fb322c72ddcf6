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

/** Deletes all keys of this pattern, some hundred at a time: nobody who uses the server waits for it. */
export async function dropKeys(container: Docker.Container, pattern: string): Promise<void> {
  const each = 'redis-cli --user berth --no-auth-warning';
  const script = `export REDISCLI_AUTH="$(cat /tmp/admin)"
${each} --scan --count 500 --pattern "$0" | tr '\\n' '\\0' | xargs -0 -r -n 500 ${each} UNLINK >/dev/null`;
  await runIn(container, { argv: ['sh', '-c', script, pattern] });
}

export const readAdminPassword = (container: Docker.Container): Promise<string> =>
  runIn(container, { argv: ['cat', '/tmp/admin'] });
