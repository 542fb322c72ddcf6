import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { TransientError } from '@berth/domain/errors';
import type Docker from 'dockerode';
import type { RedisSpec, RedisUser } from '../add-on-specs.js';
import { appsCgroupParent, memoryLimits } from '../host-facts.js';
import { statusOf, unlessStatus } from './docker-errors.js';
import type { DockerHost } from './docker-host.js';
import { environmentNetworkName } from './environment-network.js';
import { label, labelsOf } from './labels.js';
import { askRedis } from './redis-admin.js';
import { connectRedis, findRedis, findRunning } from './redis-networks.js';

const MiB = 1024 * 1024;
const directory = '/var/lib/redis';
/** Reading what is on the disk takes a second or two per GiB, ms. */
const startsWithinMs = 60_000;
/** Beside the clients': the platform's own. */
const ownConnections = 8;

/**
 * Nobody but the platform is `berth`, whose password is made anew at each start and lies in memory; the users of before may sign
 * in at once.
 */
const startScript = `set -eu
umask 077
head -c 24 /dev/urandom | base64 | tr -d '\\n' >/tmp/admin
touch ${directory}/users.acl
{
  echo 'user default off resetpass'
  echo "user berth on #$(sha256sum </tmp/admin | cut -d ' ' -f 1) ~* &* +@all"
  grep '^user u_' ${directory}/users.acl || true
} >${directory}/users.acl.new
mv ${directory}/users.acl.new ${directory}/users.acl
exec redis-server "$@"`;

/** All that is not the server's own affair: `@admin` has replication, shutdown, debugging, its settings and its users. */
const userRules = ['~*', '&*', '+@all', '-@admin', '-migrate', '+client|list', '+client|kill', '+slowlog|get'];

/** Makes and starts a server that is not there, and joins its networks; resolves when it answers. */
export async function ensureRedis(host: DockerHost, spec: RedisSpec): Promise<void> {
  await host.whenFirewalled();
  const container = (await findUsable(host, spec)) ?? (await createServer(host, spec));
  await connectRedis(host, container, spec);
  await unlessStatus([304], container.start());
  await untilAnswers(container);
}

/** Ends a server and removes its data; one that is gone is fine. */
export async function removeRedis(host: DockerHost, key: string): Promise<void> {
  await unlessStatus([404, 409], (await findRedis(host, key))?.remove({ force: true, v: true }) ?? Promise.resolve());
  await unlessStatus([404], host.docker.getVolume(nameOf(host, key)).remove());
}

/** One that does not run is made anew when its plan or the platform's image is another by now; its data are in its volume. */
async function findUsable(host: DockerHost, spec: RedisSpec): Promise<Docker.Container | undefined> {
  const container = await findRedis(host, spec.key);
  if (!container) return undefined;
  const { State, Config } = await container.inspect();
  if (State.Running || Config.Labels[label.recipe] === recipeOf(host, spec)) return container;
  await unlessStatus([404, 409], container.remove({ force: true }));
  return undefined;
}

async function createServer(host: DockerHost, spec: RedisSpec): Promise<Docker.Container> {
  const name = nameOf(host, spec.key);
  const labels = labelsOf(host, 'redis', { [label.key]: spec.key });
  await host.docker.createVolume({ Name: name, Labels: labels });
  const network = await environmentNetworkName(host, spec.environmentIds[0]);
  try {
    return await host.docker.createContainer({
      name,
      Image: host.settings.platformImage,
      Entrypoint: ['/usr/bin/tini', '--', 'sh', '-c', startScript, 'start'],
      Cmd: redisArgs(spec),
      User: 'redis',
      Labels: { ...labels, [label.recipe]: recipeOf(host, spec) },
      NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: [spec.hostName] } } },
      HostConfig: {
        NetworkMode: network,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges'],
        ReadonlyRootfs: true,
        PidsLimit: 64,
        ...memoryLimits(host.facts, spec.memoryBytes),
        CgroupParent: appsCgroupParent(host.facts, host.names),
        // It stands in several networks and must not carry packets from one to the other.
        Sysctls: { 'net.ipv4.ip_forward': '0' },
        Tmpfs: { '/tmp': `size=${MiB},mode=1777` },
        Binds: [`${name}:${directory}`],
        LogConfig: { Type: 'json-file', Config: { 'max-size': '1m', 'max-file': '2' } },
        // After a reboot nothing starts before the firewall is loaded.
        RestartPolicy: { Name: 'no' },
      },
    });
  } catch (error) {
    const twin = statusOf(error) === 409 ? await findRedis(host, spec.key) : undefined;
    if (twin) return twin;
    throw error;
  }
}

const nameOf = (host: DockerHost, key: string) => `${host.names.instance}_redis-${key}`;

function recipeOf({ settings }: DockerHost, spec: RedisSpec): string {
  const parts = [settings.platformImage, startScript, spec.memoryBytes, ...redisArgs(spec)];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 12);
}

function redisArgs({ dataBytes, connectionsMax, isPersistent }: RedisSpec): string[] {
  const settings = {
    dir: directory,
    aclfile: `${directory}/users.acl`,
    'protected-mode': 'no', // every user has a password
    save: '',
    appendonly: isPersistent ? 'yes' : 'no',
    'auto-aof-rewrite-min-size': '16mb',
    maxmemory: String(dataBytes),
    'maxmemory-policy': 'noeviction',
    'maxmemory-clients': '24mb',
    maxclients: String(connectionsMax + ownConnections),
    'sanitize-dump-payload': 'clients',
    // A copy that is slower than the writes ends, not the server.
    'client-output-buffer-limit': 'replica 24mb 16mb 60',
    'repl-diskless-sync-delay': '0',
    'rdb-del-sync-files': 'yes',
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}

async function untilAnswers(container: Docker.Container): Promise<void> {
  const deadline = Date.now() + startsWithinMs;
  for (;;) {
    const answer = await askRedis(container, ['PING']).catch((error: unknown) => String(error));
    if (answer.trim() === 'PONG') return;
    const { State } = await container.inspect();
    if (!State.Running) throw new Error(`a Redis server ended with ${State.ExitCode}`);
    if (Date.now() > deadline) throw new TransientError(`a Redis server does not answer: ${answer}`);
    await sleep(100);
  }
}

/** Exactly these; who is none of them any more is cut off. */
export async function setRedisUsers(host: DockerHost, key: string, users: readonly RedisUser[]): Promise<void> {
  const container = await findRunning(host, key);
  for (const { name, passwordHash } of users)
    await askRedis(container, ['ACL', 'SETUSER', name, 'reset', 'on', `#${passwordHash}`, ...userRules]);
  const known = (await askRedis(container, ['ACL', 'USERS'])).split('\n').filter((name) => name.startsWith('u_'));
  const over = known.filter((name) => !users.some((user) => user.name === name));
  if (over.length > 0) await askRedis(container, ['ACL', 'DELUSER', ...over]);
  await askRedis(container, ['ACL', 'SAVE']);
}
