import { randomBytes, randomUUID } from 'node:crypto';
import { appUser, type LayerEntry } from '@berth/images/layer';
import { pushImage } from '@berth/images/push-image';
import { readImage } from '@berth/images/read-image';
import { openRegistry, type Registry } from '@berth/images/registry';
import { writeLayer } from '@berth/images/write-layer';
import { createApp } from '@berth/platform/apps/create-app';
import { type Platform, transaction } from '@berth/platform/platform';
import { createRelease } from '@berth/platform/releases/create-release';
import { needed } from '../../../packages/daemon/test/needed.js';
import { until } from '../../../packages/daemon/test/until.js';
import type { World } from './open-world.js';

export interface TestApp {
  id: string;
  name: string;
  userId: string;
  environmentId: string;
  repositoryId: string;
}

/** An app of a person of its own, in an environment of its own. */
export async function addApp({ platform }: World, name = `app-${randomBytes(4).toString('hex')}`): Promise<TestApp> {
  const { db } = platform;
  const user = await db.user.create({ data: { name, email: `${name}@example.org` } });
  const team = await db.team.create({ data: { name, memberships: { create: { userId: user.id, role: 'owner' } } } });
  await db.environment.create({ data: { name: 'production', kind: 'stable', teamId: team.id } });
  const { id } = await createApp(platform, { actor: { userId: user.id }, name, team: team.id });
  const { environmentId, repositoryId } = await db.app.findUniqueOrThrow({ where: { id } });
  return { id, name, userId: user.id, environmentId, repositoryId };
}

/** What a build would leave: an image of these files on our stack and Node, in the registry and as a row. */
export async function addImage(
  platform: Platform,
  app: TestApp,
  options: {
    files: Record<string, string>;
    /** Commands by process type; `!` in front of a name makes it a singleton. */
    processes: Record<string, string>;
    healthcheck?: { path: string; timeoutMs: number; strict: boolean };
  },
): Promise<string> {
  const registry = openRegistry({ url: needed('TEST_REGISTRY_URL'), tokenUrl: process.env.TEST_REGISTRY_TOKEN_URL });
  try {
    const version = await newestTag(registry, 'runtime/node');
    const [stack, runtime] = await Promise.all([
      readImage(registry, 'stack/berth-13', 'latest'),
      readImage(registry, 'runtime/node', version),
    ]);
    if (!stack || !runtime) throw new Error('the registry has no stack and no Node: run npm run -s up first');
    const entries = Object.entries(options.files).map(
      ([path, text]): LayerEntry => ({
        ...{ path: `app/${path}`, type: 'file', mode: 0o644, ...appUser },
        content: Buffer.from(text),
        sizeBytes: Buffer.byteLength(text),
      }),
    );
    const commit = randomBytes(20).toString('hex');
    const repository = `app/${app.repositoryId}`;
    const pushed = await pushImage(registry, {
      repository,
      tag: commit,
      layers: [
        ...stack.layers.map((layer) => ({ layer, from: stack.repository })),
        ...runtime.layers.map((layer) => ({ layer, from: runtime.repository })),
        { layer: await writeLayer(entries) },
      ],
      config: {
        env: { ...runtime.config.env, HOME: '/app', NODE_ENV: 'production' },
        user: `${appUser.uid}:${appUser.gid}`,
        workingDir: '/app',
        labels: {},
      },
    });
    const image = await platform.db.image.create({
      data: {
        repositoryId: app.repositoryId,
        digest: pushed.digest,
        commit,
        processTypes: Object.entries(options.processes).map(([name, command]) => ({
          name: name.replace('!', ''),
          command,
          singleton: name.startsWith('!'),
        })),
        ...(options.healthcheck ? { healthcheck: options.healthcheck } : {}),
        labels: {},
        sizeBytes: pushed.sizeBytes,
      },
    });
    return image.id;
  } finally {
    await registry.close();
  }
}

async function newestTag(registry: Registry, repository: string): Promise<string> {
  const tags = await registry.listTags(repository);
  const newest = tags.filter((tag) => /^\d+\.\d+\.\d+$/.test(tag)).at(-1);
  if (!newest) throw new Error(`the registry has no ${repository}`);
  return newest;
}

/** Accepts a release of the image, as a finished build or a rollback would. Returns its id. */
export async function addRelease(
  platform: Platform,
  app: TestApp,
  imageId: string,
  config: Record<string, string> = {},
): Promise<string> {
  const release = await transaction(platform, async (tx, after) => {
    const { lastAccepted: accepted } = await tx.app.findUniqueOrThrow({ where: { id: app.id } });
    const sealed = platform.secrets.seal(JSON.stringify(config));
    return createRelease(tx, after, {
      ...{ appId: app.id, userId: app.userId, reason: 'rollback', description: `Test ${randomUUID()}` },
      ...{ imageId, config: sealed, accepted },
    });
  });
  return release.id;
}

const isOver = ['succeeded', 'failed', 'cancelled', 'superseded'];

/** The release when it is over. */
export async function untilOver(platform: Platform, releaseId: string, withinMs = 60_000) {
  const { db } = platform;
  const look = async () => {
    const release = await db.release.findUniqueOrThrow({ where: { id: releaseId } });
    return isOver.includes(release.status) && release;
  };
  try {
    return await until('the release is over', look, withinMs);
  } catch (error) {
    const steps = await db.step.findMany({ where: { OR: [{ releaseId }, { rollout: { releaseId } }] } });
    const backends = await db.routerBackend.findMany({ where: { rollout: { releaseId } }, include: { servers: true } });
    const jobs = await db.outbox.findMany({ where: { doneAt: null } });
    throw new Error(`${String(error)}: ${JSON.stringify({ steps, backends, jobs }, null, 1)}`);
  }
}

/** A server that answers with its release and its own name. */
export const server = `
const http = require('node:http');
const { HEROKU_RELEASE_VERSION: version, DYNO: dyno, GREETING: greeting = '' } = process.env;
http.createServer((request, response) => response.end([version, dyno, greeting].join(' '))).listen(process.env.PORT);
process.on('SIGTERM', () => process.exit(0));
console.log('up');
`;
