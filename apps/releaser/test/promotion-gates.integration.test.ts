import { randomBytes } from 'node:crypto';
import { run } from '@berth/daemon/spawn';
import type { Gate } from '@berth/domain/environment-policy';
import { readLines } from '@berth/logs/log-stream';
import { changeEnvironment } from '@berth/platform/environments/change-environment';
import { createPipeline } from '@berth/platform/pipelines/create-pipeline';
import { cancelPromotion } from '@berth/platform/promotions/cancel-promotion';
import { getGateOutput } from '@berth/platform/promotions/get-gate-output';
import { getPromotion } from '@berth/platform/promotions/get-promotion';
import { startPromotion } from '@berth/platform/promotions/start-promotion';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../packages/daemon/test/until.js';
import { addImage, addRelease, type TestApp, untilOver } from './deploy.js';
import { openWorld, type World } from './open-world.js';

let world: World;
let source: TestApp;
let target: string;
let team: string;
beforeAll(async () => {
  world = await openWorld();
  await openLine();
}, 180_000);
afterAll(() => world?.close(), 120_000);

const files = {
  'server.js': `require('node:http').createServer((_, response) => response.end('ok')).listen(process.env.PORT);`,
  'smoke.js': `console.log('smoke as ' + process.env.DYNO + ' with ' + process.env.TOKEN + ', release ' + process.env.HEROKU_RELEASE_VERSION);
    process.exit(Number(process.argv[2]));`,
};
const token = 'a-secret-of-the-source';

/** A service in two environments, live in the first. */
async function openLine(): Promise<void> {
  const { platform } = world;
  const { db } = platform;
  team = `team-${randomBytes(3).toString('hex')}`;
  const { id: userId } = await db.user.create({ data: { name: team, email: `${team}@example.org` } });
  const { id: teamId } = await db.team.create({
    data: { name: team, memberships: { create: { userId, role: 'owner' } } },
  });
  for (const [position, name] of ['daily', 'qa'].entries())
    await db.environment.create({ data: { name, kind: 'stable', teamId, position } });
  const name = `svc-${randomBytes(3).toString('hex')}`;
  const pipeline = await createPipeline(platform, { actor: { userId }, team, name, apps: 'all' });
  const [first, second] = pipeline.apps;
  if (!first || !second) throw new Error('the pipeline has no apps');
  const { environmentId, repositoryId } = await db.app.findUniqueOrThrow({ where: { id: first.id } });
  source = { id: first.id, name: first.name, userId, environmentId, repositoryId };
  target = second.id;
}

/** A new image, live in the source: one that the target has already is not promoted again. */
async function deploy(): Promise<void> {
  const { platform } = world;
  const all = { ...files, 'version.txt': randomBytes(8).toString('hex') };
  const image = await addImage(platform, source, { files: all, processes: { web: 'node server.js' } });
  const release = await untilOver(platform, await addRelease(platform, source, image, { TOKEN: token }));
  expect(release).toMatchObject({ status: 'succeeded', errorMessage: null });
}

const actor = () => ({ userId: source.userId });
async function promote(...gates: Gate[]): Promise<string> {
  const { platform } = world;
  await deploy();
  await changeEnvironment(platform, { actor: actor(), team, environment: 'qa', policy: { gates } });
  return (await startPromotion(platform, { actor: actor(), source: source.id, target })).id;
}
const get = (promotion: string) => getPromotion(world.platform, { actor: actor(), promotion });
const ended = (id: string) =>
  until(
    'the promotion is over',
    async () => {
      const view = await get(id);
      return view.endedAt ? view : undefined;
    },
    60_000,
  );
const output = (promotion: string, position: number) =>
  getGateOutput(world.platform, { actor: actor(), promotion, position });
const containers = async () => {
  const filters = [`label=berth.instance=${world.instance}`, 'label=berth.kind=oneoff'];
  const argv = ['docker', 'ps', '-aq', ...filters.flatMap((filter) => ['--filter', filter])];
  return (await run(argv as [string, ...string[]])).stdout.toString().split('\n').filter(Boolean);
};
const noContainer = () => until('no container is left', async () => (await containers()).length === 0);
const releases = () => world.platform.db.release.count({ where: { appId: target, reason: 'promotion' } });

describe('a gate that is a command', () => {
  it('runs in the release that is promoted, and opens when it ends with 0', async () => {
    const id = await promote({ command: 'node smoke.js 0' });
    expect(await ended(id)).toMatchObject({
      ...{ status: 'succeeded', error: null },
      gates: [{ position: 1, path: null, command: 'node smoke.js 0', state: 'open', message: null }],
    });
    expect(await output(id, 1)).toMatch(/^smoke as gate\.1 with \S+, release v\d+\n$/);
    expect(await output(id, 1)).not.toContain(token);
    const lines = await readLines(world.platform.redis, world.platform.instance, source.id, { count: 100 });
    expect(lines.filter(({ process }) => process === 'gate.1')).toHaveLength(1);
    await noContainer();
  });

  it('is shut by any other end, and nothing is released', async () => {
    const before = await releases();
    const id = await promote({ command: 'node smoke.js 3' }, { command: 'true' });
    const message = `The gate "node smoke.js 3" is shut: the command exited with code 3; its output is with the promotion and in the log of ${source.name}.`;
    expect(await ended(id)).toMatchObject({
      ...{ status: 'failed', error: { code: 'conflict', message } },
      gates: [{ position: 1, state: 'shut', message }],
    });
    expect(await output(id, 1)).toContain('smoke as gate.1');
    await expect(output(id, 2)).rejects.toMatchObject({ code: 'not_found' });
    expect(await releases()).toBe(before);
    await noContainer();
  });

  it('is ended when its promotion is cancelled', async () => {
    const id = await promote({ command: 'sleep 50' });
    await until('it runs', async () => (await containers()).length === 1);
    await cancelPromotion(world.platform, { actor: actor(), promotion: id });
    expect(await ended(id)).toMatchObject({ status: 'cancelled', gates: [{ state: 'cancelled' }] });
    await noContainer();
  });

  it('of a killed releaser is asked again, and its first container is gone', async () => {
    const id = await promote({ command: 'sleep 3' });
    await until('it runs', async () => (await containers()).length === 1);
    await world.releaser.kill();
    world.releaser.restart();
    expect(await ended(id)).toMatchObject({ status: 'succeeded', gates: [{ state: 'open' }] });
    await noContainer();
  });
});
