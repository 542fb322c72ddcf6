import { type Db, openDb, type Tx } from '@berth/db/client';
import type { Secret } from '@berth/domain/secret';
import { JobQueue } from '@berth/jobs/queue';
import { Wake, type WakeTopic } from '@berth/jobs/wake';
import { appendLines } from '@berth/logs/log-stream';
import { Redis } from 'ioredis';
import { openSecretBox, type SecretBox } from './secrets/secret-box.js';

/** What every use case works with. A process opens one at its start and passes it as the first argument. */
export interface Platform {
  instance: string;
  db: Db;
  redis: Redis;
  queue: JobQueue;
  wake: Wake;
  secrets: SecretBox;
  addresses: Addresses;
  close: () => Promise<void>;
}

/** Where people and programs reach this Berth. */
export interface Addresses {
  domain: string;
  port: number;
  appsPort: number;
  appsTlsPort: number;
  sshPort: number;
  /** SSH at port 80 of it, for `heroku ps:exec`; undefined: that is off. */
  execAddress?: string | undefined;
}

/** The settings of packages/daemon's `platformSettings`, parsed. */
export interface PlatformSettings {
  BERTH_INSTANCE: string;
  DATABASE_URL: string;
  REDIS_URL: string;
  BERTH_SECRET_KEY: Secret;
  BERTH_DOMAIN: string;
  BERTH_PORT: number;
  BERTH_APPS_PORT: number;
  BERTH_APPS_TLS_PORT: number;
  BERTH_SSH_PORT: number;
  BERTH_EXEC_ADDRESS?: string | undefined;
}

/** Opens what every use case works with; `close` ends its connections. */
export function openPlatform(settings: PlatformSettings): Platform {
  const db = openDb(settings.DATABASE_URL);
  const redis = new Redis(settings.REDIS_URL, { maxRetriesPerRequest: 3 });
  redis.on('error', () => {}); // each command says it; the sweeper and the polls go on without Redis
  const instance = settings.BERTH_INSTANCE;
  const queue = new JobQueue({ db, redis, instance });
  const wake = new Wake({ redis, instance });
  return {
    instance,
    db,
    redis,
    queue,
    wake,
    secrets: openSecretBox(settings.BERTH_SECRET_KEY.reveal()),
    addresses: {
      domain: settings.BERTH_DOMAIN,
      port: settings.BERTH_PORT,
      appsPort: settings.BERTH_APPS_PORT,
      appsTlsPort: settings.BERTH_APPS_TLS_PORT,
      sshPort: settings.BERTH_SSH_PORT,
      execAddress: settings.BERTH_EXEC_ADDRESS,
    },
    close: async () => {
      await queue.close();
      await wake.close();
      redis.disconnect();
      await db.$disconnect();
    },
  };
}

/** What a transaction leaves to do after its commit. */
export interface AfterCommit {
  /** Outbox ids to send. */
  jobs: string[];
  wake: WakeTopic[];
  /** What people read in their app's log: `berth[api]: Release v3 created by …`. */
  lines: { appId: string; process: string; text: string }[];
}

/** Runs `body` in one transaction; after the commit its jobs are sent, its topics woken and its lines logged. */
export async function transaction<T>(platform: Platform, body: (tx: Tx, after: AfterCommit) => Promise<T>): Promise<T> {
  const after: AfterCommit = { jobs: [], wake: [], lines: [] };
  const result = await platform.db.$transaction((tx) => body(tx, after));
  await Promise.all([
    platform.queue.send(after.jobs).catch(() => {}), // the sweeper finds them
    platform.wake.publish([...new Set(after.wake)]),
    logLines(platform, after.lines).catch(() => {}), // a platform line may be lost with Redis, the work may not
  ]);
  return result;
}

async function logLines(platform: Platform, lines: AfterCommit['lines']): Promise<void> {
  for (const { appId, process, text } of lines)
    await appendLines(platform.redis, platform.instance, appId, [{ at: Date.now(), source: 'berth', process, text }]);
}
