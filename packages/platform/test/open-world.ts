import { randomBytes, randomUUID } from 'node:crypto';
import { createTestDatabase, prepareTemplate } from '@berth/db/test-database';
import { Secret } from '@berth/domain/secret';
import { acquireLease, type Lease } from '@berth/jobs/lease';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { needed } from '../../daemon/test/needed.js';
import { createApp } from '../src/apps/create-app.js';
import type { Role } from '../src/auth/rights.js';
import { finishBuild } from '../src/builds/finish-build.js';
import { startBuild } from '../src/builds/start-build.js';
import { createPipeline } from '../src/pipelines/create-pipeline.js';
import type { PipelineView } from '../src/pipelines/list-pipelines.js';
import { openPlatform, type Platform } from '../src/platform.js';
import { acceptPush } from '../src/pushes/accept-push.js';
import { beginRollout } from '../src/releases/begin-rollout.js';
import { finishRelease } from '../src/releases/finish-release.js';
import { startRelease } from '../src/releases/start-release.js';
import { createFirstAdmin } from '../src/users/create-first-admin.js';

export interface World {
  platform: Platform;
  /** For a process of its own on the same rows. */
  databaseUrl: string;
  /** Owner of team `default`. */
  owner: { userId: string };
  /** A new user with a role in team `default`, or in no team. */
  addUser: (role: Role | null) => Promise<{ userId: string }>;
  /** Of a key of its own, unless it is said. */
  lease: (key?: string) => Promise<Lease>;
  close: () => Promise<void>;
}

/** A Berth of its own: an empty migrated database, an instance name of its own in Redis, and its first admin. */
export async function openWorld(): Promise<World> {
  const adminUrl = needed('TEST_DATABASE_URL');
  await prepareTemplate(adminUrl, 'berth_template_platform');
  const database = await createTestDatabase(adminUrl, 'berth_template_platform');
  const platform = openPlatform({
    BERTH_INSTANCE: `test-${randomBytes(4).toString('hex')}`,
    DATABASE_URL: database.url,
    REDIS_URL: needed('TEST_REDIS_URL'),
    BERTH_SECRET_KEY: new Secret(Buffer.alloc(32, 1).toString('base64')), // as processes of tests have it
    BERTH_DOMAIN: 'localhost',
    BERTH_PORT: 5000,
    BERTH_APPS_PORT: 8080,
    BERTH_APPS_TLS_PORT: 8443,
    BERTH_SSH_PORT: 2222,
  });
  const owner = await createFirstAdmin(platform, { email: 'owner@example.com', name: 'Owner', password: 'password-1' });
  let users = 0;
  return {
    platform,
    databaseUrl: database.url,
    owner,
    addUser: (role) =>
      platform.db.$transaction(async (tx) => {
        users += 1;
        const email = `user-${users}@example.com`;
        const { id: userId } = await tx.user.create({ data: { email, name: email } });
        const team = await tx.team.findUniqueOrThrow({ where: { name: 'default' } });
        if (role) await tx.membership.create({ data: { teamId: team.id, userId, role } });
        return { userId };
      }),
    lease: async (key = `test:${randomUUID()}`) => {
      const lease = await acquireLease(platform.db, key, `test-${randomBytes(4).toString('hex')}`, 60_000);
      if (!lease) throw new Error(`the lease ${key} is held`);
      return lease;
    },
    close: async () => {
      const keys = await platform.redis.keys(`berth:${platform.instance}:*`);
      if (keys.length > 0) await platform.redis.del(...keys);
      await platform.close();
      await database.drop();
    },
  };
}

/** For one test file: a world, and in it a new app of the owner for each test. */
export function worldWithApp() {
  const here = {} as {
    world: World;
    app: { id: string; name: string };
    who: { actor: { userId: string }; app: string };
  };
  beforeAll(async () => {
    here.world = await openWorld();
  });
  afterAll(() => here.world.close());
  beforeEach(async () => {
    const { platform, owner } = here.world;
    here.app = await createApp(platform, { actor: owner });
    here.who = { actor: owner, app: here.app.id };
  });
  return here;
}

/** For one test file: a world, and in it for each test a new pipeline with an app in every stable environment. */
export function worldWithPipeline() {
  const here = {} as { world: World; pipeline: PipelineView };
  let count = 0;
  beforeAll(async () => {
    here.world = await openWorld();
  });
  afterAll(() => here.world.close());
  beforeEach(async () => {
    count += 1;
    const { platform, owner } = here.world;
    here.pipeline = await createPipeline(platform, { actor: owner, name: `orders${count}`, apps: 'all' });
  });
  return {
    here,
    appIn: (environment: string) => {
      const app = here.pipeline.apps.find((one) => one.environment.name === environment);
      if (!app) throw new Error(`no app in ${environment}`);
      return app;
    },
  };
}

export const sha = (seed: string) => Buffer.from(seed).toString('hex').padEnd(40, '0').slice(0, 40);
const zeros = '0'.repeat(40);

/** Pushes a commit to main. */
export function push(platform: Platform, actor: { userId: string }, appId: string, commit: string) {
  return acceptPush(platform, {
    actor,
    appId,
    ref: 'refs/heads/main',
    oldSha: zeros,
    newSha: sha(commit),
    source: { commit: sha(commit), message: commit, digest: `sha256:${sha(commit)}`, sizeBytes: 100 },
  });
}

export const image = (commit: string, names: string[] = ['web']) => ({
  digest: `sha256:image-${commit}`,
  commit: sha(commit),
  processTypes: names.map((name) => ({ name, command: `run ${name}`, singleton: name === 'clock' })),
  healthcheck: null,
  labels: { buildpack: 'node', stack: 'berth-13', runtime: 'node-22' },
  sizeBytes: 1_000,
});

/** What the builder does with a build, without building. */
export async function build(world: World, buildId: string, commit: string, names?: string[]) {
  const lease = await world.lease();
  const started = await startBuild(world.platform, { buildId, lease });
  if (!started) return undefined;
  return finishBuild(world.platform, { buildId, lease, image: image(commit, names) });
}

/** What the releaser does with a release, without containers. */
export async function release(world: World, releaseId: string) {
  const lease = await world.lease();
  const started = await startRelease(world.platform, { releaseId, lease });
  const begun = started && (await beginRollout(world.platform, { releaseId, lease }));
  return begun && finishRelease(world.platform, { releaseId, rolloutId: begun.rolloutId, lease });
}

/** From push to live. */
export async function deploy(world: World, appId: string, commit: string, names?: string[]) {
  const pushed = await push(world.platform, world.owner, appId, commit);
  const built = await build(world, pushed.buildId ?? '', commit, names);
  const releaseId = built?.releaseId ?? '';
  await release(world, releaseId);
  return { ...pushed, releaseId };
}
