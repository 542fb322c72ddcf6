import { randomBytes } from 'node:crypto';
import { run } from '@berth/daemon/spawn';
import { openRegistry, type Registry } from '@berth/images/registry';
import { createPipeline } from '@berth/platform/pipelines/create-pipeline';
import { getPromotion } from '@berth/platform/promotions/get-promotion';
import { startPromotion } from '@berth/platform/promotions/start-promotion';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../packages/daemon/test/until.js';
import { startRegistry } from '../../../packages/images/test/start-registry.js';
import { addImage, addRelease, type TestApp, untilOver } from './deploy.js';
import { openWorld, type World } from './open-world.js';

let production: Awaited<ReturnType<typeof startRegistry>>;
let registry: Registry;
let world: World;
let source: TestApp;
let target: { id: string; name: string };
beforeAll(async () => {
  production = await startRegistry();
  registry = openRegistry({ url: production.url });
  world = await openWorld({ BERTH_PRODUCTION_REGISTRY_URL: production.url });
  await openLine();
}, 180_000);
afterAll(async () => {
  const copies = await run(['docker', 'images', '-q', '--filter', `reference=${new URL(production.url).host}/*/*`]);
  await world?.close();
  for (const image of new Set(copies.stdout.toString().split('\n').filter(Boolean)))
    await run(['docker', 'rmi', '-f', image], { check: false });
  await registry?.close();
  await production?.stop();
}, 120_000);

/** A service in two environments, the second with the production registry. */
async function openLine(): Promise<void> {
  const { platform } = world;
  const { db } = platform;
  const team = `team-${randomBytes(3).toString('hex')}`;
  const { id: userId } = await db.user.create({ data: { name: team, email: `${team}@example.org` } });
  const memberships = { create: { userId, role: 'owner' as const } };
  const { id: teamId } = await db.team.create({ data: { name: team, memberships } });
  await db.environment.create({ data: { name: 'daily', kind: 'stable', teamId, position: 0 } });
  await db.environment.create({
    data: { name: 'production', kind: 'stable', teamId, position: 1, registry: 'production' },
  });
  const name = `svc-${randomBytes(3).toString('hex')}`;
  const { apps } = await createPipeline(platform, { actor: { userId }, team, name, apps: 'all' });
  const [first, second] = apps;
  if (!first || !second) throw new Error('the pipeline has no apps');
  const { environmentId, repositoryId } = await db.app.findUniqueOrThrow({ where: { id: first.id } });
  source = { id: first.id, name: first.name, userId, environmentId, repositoryId };
  target = { id: second.id, name: second.name };
}

/** Slow enough to be killed in. */
const files = {
  'migrate.js': 'console.log("migrating"); setTimeout(() => console.log("migrated"), 1_000);',
  'server.js': `
    const server = require('node:http').createServer((request, response) => response.end('ok'));
    setTimeout(() => server.listen(process.env.PORT), 700);`,
};

/** Releases an image of these files in the source; its digest. */
async function deploySource(salt: string): Promise<string> {
  const { platform } = world;
  const image = { files: { ...files, salt }, processes: { release: 'node migrate.js', web: 'node server.js' } };
  const imageId = await addImage(platform, source, image);
  expect(await untilOver(platform, await addRelease(platform, source, imageId))).toMatchObject({ status: 'succeeded' });
  return (await platform.db.image.findUniqueOrThrow({ where: { id: imageId } })).digest;
}

const actor = () => ({ userId: source.userId });
const promote = async () =>
  (await startPromotion(world.platform, { actor: actor(), source: source.id, target: target.id })).id;
const ended = (promotion: string) =>
  until(
    'the promotion is over',
    async () => {
      const view = await getPromotion(world.platform, { actor: actor(), promotion });
      return view.endedAt ? view : undefined;
    },
    90_000,
  );
const copied = async (digest: string) =>
  (await registry.getManifest(`app/${source.repositoryId}`, digest))?.digest === digest;
const imagesOf = async (app: { name: string; id: string }) => {
  const label = ['--filter', `label=berth.instance=${world.instance}`, '--filter', `label=berth.app=${app.id}`];
  const argv = ['docker', 'ps', '--no-trunc', ...label, '--format', '{{.Image}}'];
  return (await run(argv as [string, ...string[]])).stdout.toString().split('\n').filter(Boolean);
};

describe('a promotion into an environment with the production registry', () => {
  it('copies the very image there and runs it from there; where it was built it stays', async () => {
    const digest = await deploySource('one');
    expect(await copied(digest)).toBe(false);
    expect(await ended(await promote())).toMatchObject({ status: 'succeeded', error: null, image: { digest } });
    expect(await copied(digest)).toBe(true);
    const host = new URL(production.url).host;
    expect(await imagesOf(target)).toEqual([`${host}/app/${source.repositoryId}@${digest}`]);
    expect(await imagesOf(source)).toEqual([expect.not.stringContaining(host)]);
    expect((await world.get(target.name)).status).toBe(200);
  }, 180_000);

  it.each(['copy to production registry', 'pull image', 'release phase', 'await healthy'])(
    'comes to its end when the releaser is killed in the step "%s"',
    async (step) => {
      const { platform } = world;
      for (let tries = 0; tries < 8; tries++) {
        const digest = await deploySource(`${step} ${tries}`);
        const id = await promote();
        const seen = await until(
          `step ${step}`,
          async () => {
            const of = { appId: target.id, promotion: { id } };
            const open = { OR: [{ release: of }, { rollout: { release: of } }], name: step, endedAt: null };
            if (await platform.db.step.findFirst({ where: open })) return 'open';
            return (await getPromotion(platform, { actor: actor(), promotion: id })).endedAt ? 'missed' : undefined;
          },
          60_000,
          0,
        );
        if (seen === 'missed') continue;
        await world.releaser.kill();
        const { status } = await getPromotion(platform, { actor: actor(), promotion: id });
        expect(status).toBe('running');
        world.releaser.restart();
        expect(await ended(id)).toMatchObject({ status: 'succeeded', error: null, image: { digest } });
        expect(await copied(digest)).toBe(true);
        const releases = await platform.db.release.findMany({ where: { appId: target.id, image: { digest } } });
        expect(releases.map((release) => release.status)).toEqual(['succeeded']);
        await until('only the new image runs', async () => {
          const images = await imagesOf(target);
          return images.length === 1 && images[0]?.endsWith(digest);
        });
        return;
      }
      throw new Error(`step ${step} was never seen open`);
    },
    240_000,
  );
});
