import { createHash } from 'node:crypto';
import type { EnvironmentKind, Prisma } from '@berth/db/generated/client';
import { parsePlan, type RedisPlan } from '@berth/domain/add-on-plans';
import { redisHost } from '../addresses.js';
import type { Platform } from '../platform.js';

/** The server of a Redis add-on, as it is to be. */
export interface RedisServer {
  key: string;
  hostName: string;
  plan: RedisPlan;
  /** That of the app which it goes with: its network is always the server's too. */
  home: { environmentId: string; kind: EnvironmentKind };
  /** Where it was last seen running. */
  address: string | undefined;
  /** Home and every environment that has an app which it is attached to. */
  environmentIds: [string, ...string[]];
}

export interface RedisServerWithUsers extends RedisServer {
  /** Every credential, one that is retiring too; the password as SHA-256, hex. */
  users: { name: string; passwordHash: string }[];
}

const include = {
  app: { select: { environment: { select: { id: true, kind: true } } } },
  attachments: { where: { app: { destroyedAt: null } }, select: { app: { select: { environmentId: true } } } },
} satisfies Prisma.AddOnInclude;
const withUsers = { ...include, credentials: { orderBy: { generation: 'asc' } } } satisfies Prisma.AddOnInclude;

/** Undefined: the add-on is gone, or the app that it went with. */
export async function readRedisServer(
  { db, secrets }: Platform,
  { addOnId }: { addOnId: string },
): Promise<RedisServerWithUsers | undefined> {
  const addOn = await db.addOn.findUnique({ where: { id: addOnId }, include: withUsers });
  const server = addOn && toRedisServer(addOn);
  if (!server) return undefined;
  const hash = (password: string) => createHash('sha256').update(secrets.open(password)).digest('hex');
  const users = addOn.credentials.map(({ user, password }) => ({ name: user, passwordHash: hash(password) }));
  return { ...server, users };
}

/** One cheap query, for who looks often where mostly nobody has any. */
export async function hasRedisServers({ db }: Platform): Promise<boolean> {
  return (await db.addOn.findFirst({ where: isServer, select: { id: true } })) !== null;
}

const isServer = { service: 'heroku-redis', status: 'provisioned' } satisfies Prisma.AddOnWhereInput;

/** The servers that are to run; with `appId` those that are attached to this app. */
export async function listRedisServers({ db }: Platform, { appId }: { appId?: string } = {}): Promise<RedisServer[]> {
  const addOns = await db.addOn.findMany({
    where: {
      ...isServer,
      app: { destroyedAt: null },
      ...(appId ? { attachments: { some: { appId } } } : {}),
    },
    include,
  });
  return addOns.flatMap((addOn) => toRedisServer(addOn) ?? []);
}

/** Whether nobody has it any more: its add-on is being destroyed, or was. */
export async function isRedisGone({ db }: Platform, { key }: { key: string }): Promise<boolean> {
  const addOn = await db.addOn.findUnique({ where: { database: key }, select: { status: true } });
  return !addOn || addOn.status === 'deprovisioning';
}

function toRedisServer(addOn: Prisma.AddOnGetPayload<{ include: typeof include }>): RedisServer | undefined {
  const { plan } = parsePlan(`${addOn.service}:${addOn.plan}`);
  if (plan.kind !== 'redis' || !addOn.app) return undefined;
  const { id: home, kind } = addOn.app.environment;
  const others = addOn.attachments.map(({ app }) => app.environmentId).filter((id) => id !== home);
  return {
    ...{ key: addOn.database, hostName: redisHost(addOn.database), plan, home: { environmentId: home, kind } },
    address: addOn.serverAddress ?? undefined,
    environmentIds: [home, ...new Set(others)],
  };
}
