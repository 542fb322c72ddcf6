import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../packages/daemon/test/until.js';
import { askApi } from './berth.js';
import { findLeftovers } from './kills/find-leftovers.js';
import { closeDatabase, containerOf, docker, findProcesses, findVictim, query, type Service } from './kills/inside.js';
import { openSlowApp, type Pushed, type Slow, type SlowApp } from './kills/slow-app.js';
import { type SteadyRequests, startRequests } from './kills/steady-requests.js';

// Each recorded step of build, release and rollout, and who is killed with SIGKILL in it. One app is deployed again and
// again by real pushes, and is asked all the while.

/** For what takes a moment, on a machine that is busy with something else. */
const withinMs = 120_000;

let app: SlowApp;
let requests: SteadyRequests;

beforeAll(async () => {
  app = await openSlowApp(`kills-${Date.now().toString(36)}`);
  expect(await (await app.push({})).ended).toMatchObject({ isOk: true });
});
afterAll(async () => {
  await app?.remove();
  await closeDatabase();
});
beforeEach(() => {
  requests = startRequests(app.webUrl);
});
afterEach(() => requests.stop());

interface StepRow {
  id: string;
  isOpen: boolean;
}

/** The first row of a step of the push's build, release or rollout. */
async function findStep({ sha }: Pushed, name: string): Promise<StepRow | undefined> {
  const [row] = await query<StepRow>(
    `WITH builds AS (
       SELECT b."id" FROM "Build" b JOIN "Source" s ON s."id" = b."sourceId" WHERE s."commit" = $1 AND b."appId" = $3),
     releases AS (SELECT "id" FROM "Release" WHERE "buildId" IN (SELECT "id" FROM builds)),
     rollouts AS (SELECT "id" FROM "Rollout" WHERE "releaseId" IN (SELECT "id" FROM releases))
     SELECT "id", "endedAt" IS NULL AS "isOpen" FROM "Step" WHERE "name" = $2 AND ("buildId" IN (SELECT "id" FROM builds)
       OR "releaseId" IN (SELECT "id" FROM releases) OR "rolloutId" IN (SELECT "id" FROM rollouts))
     ORDER BY "startedAt" LIMIT 1`,
    sha,
    name,
    app.id,
  );
  return row;
}

const awaitStep = (pushed: Pushed, name: string) =>
  until(`step ${name} of\n${pushed.output()}`, () => findStep(pushed, name), withinMs, 2);

/** The release is live, the pusher was told so, nobody was refused meanwhile, and nothing is left. */
async function expectLive(pushed: Pushed): Promise<void> {
  expect(await pushed.ended).toMatchObject({ isOk: true, output: expect.stringMatching(/Released v\d+/) });
  await expectClean();
}

async function expectClean(): Promise<void> {
  await expect.poll(() => findLeftovers(app.id), { interval: 200 }).toEqual([]);
  expect(await requests.stop()).toEqual([]);
}

/** The step was open when the process died, seen afterwards; one of a few milliseconds may be missed, then again. */
async function killIn(service: Service, step: string, slow: Slow): Promise<Pushed> {
  for (let tries = 1; tries <= 4; tries++) {
    const victim = await findVictim(service);
    const pushed = await app.push(slow);
    await awaitStep(pushed, step);
    victim.kill();
    const row = await findStep(pushed, step);
    await until(`${service} is back`, victim.isBack, withinMs, 100);
    if (row?.isOpen) return pushed;
    await pushed.ended;
  }
  throw new Error(`The step ${step} was never open when ${service} died.`);
}

const buildOf = async ({ sha }: Pushed) => {
  const builds: { id: string; source_blob: { version: string } }[] = await askApi('GET', `/apps/${app.name}/builds`);
  return builds.find((one) => one.source_blob.version === sha)!.id;
};

const currentRollout = async () =>
  (await query<{ rolloutId: string }>(`SELECT "rolloutId" FROM "Route" WHERE "appId" = $1`, app.id))[0]?.rolloutId;

const openSteps = (name: string) =>
  query(
    `SELECT 1 FROM "Step" s JOIN "Rollout" r ON r."id" = s."rolloutId"
     WHERE r."appId" = $1 AND s."name" = $2 AND s."endedAt" IS NULL`,
    app.id,
    name,
  );

const leavingServers = () =>
  query(
    `SELECT 1 FROM "RouterServer" s JOIN "Rollout" r ON r."id" = s."rolloutId"
     WHERE r."appId" = $1 AND s."wanted" IN ('drain', 'gone') AND r."retiredAt" IS NULL`,
    app.id,
  );

const build = 'sleep 1.5';
const dependencies = { ms: '2.1.3' };
const ballast = 8;

// In turns: Docker is slow to start again what has just been started again.
describe('killed with SIGKILL and taken over', () => {
  it.each<[Service, string, Slow]>([
    ['builder', 'fetch source', { ballast }],
    ['releaser', 'pull image', { ballast: 4 * ballast }],
    ['builder', 'dependencies', { dependencies }],
    ['releaser', 'release phase', { release: 'sleep 1' }],
    ['builder', 'build script', { build }],
    ['releaser', 'start instances', {}],
    ['builder', 'image', { dependencies, ballast }],
    ['releaser', 'await healthy', {}],
    ['host', 'dependencies', { dependencies }],
    ['releaser', 'switch route', {}],
    ['host', 'build script', { build }],
    ['router-controller', 'await healthy', {}],
    ['redis', 'build script', { build }],
    ['host', 'release phase', { release: 'sleep 1' }],
    ['router-controller', 'switch route', {}],
    ['redis', 'await healthy', {}],
    ['host', 'start instances', {}],
  ])('%s, in the step "%s": the push goes live', async (service, step, slow) => {
    await expectLive(await killIn(service, step, slow));
  });
});

describe('a releaser that is killed', () => {
  it('in the step "change singletons" has the new one started all the same, once', async () => {
    await askApi('PATCH', `/apps/${app.name}/formation/clock`, { quantity: 1 });
    await expectLive(await killIn('releaser', 'change singletons', {}));
    const ofClock = ['--filter', `label=berth.app=${app.id}`, '--filter', 'label=berth.process=clock'];
    expect(await docker('ps', '--quiet', ...ofClock)).toHaveLength(1);
    await askApi('PATCH', `/apps/${app.name}/formation/clock`, { quantity: 0 });
  });

  it('while a restart awaits its new instances ends in the new ones', async () => {
    const victim = await findVictim('releaser');
    const before = await currentRollout();
    await askApi('DELETE', `/apps/${app.name}/dynos`);
    await until('await healthy', async () => (await openSteps('await healthy')).length > 0, withinMs, 2);
    victim.kill();
    expect(await openSteps('await healthy')).toHaveLength(1);
    await until('the restart has ended', async () => (await currentRollout()) !== before, withinMs, 100);
    await expectClean();
  });

  it('while it retires the old instances does so all the same', async () => {
    const victim = await findVictim('releaser');
    const pushed = await app.push({});
    await until('a server drains', async () => (await leavingServers()).length > 0, withinMs, 2);
    victim.kill();
    expect(await leavingServers()).toHaveLength(1);
    await expectLive(pushed);
  });
});

describe('killed or restarted meanwhile', () => {
  it('git, in the step "build script": the pusher is cut off, the build goes on and its ref is applied', async () => {
    const pushed = await killIn('git', 'build script', { build });
    expect(await pushed.ended).toMatchObject({ isOk: false });
    await until(
      'the ref',
      async () => (await app.refs().catch(() => '')).includes(`${pushed.sha}\trefs/heads/main`),
      withinMs,
      100,
    );
    await expectClean();
  });

  it('HAProxy, in the step "await healthy": the pusher is cut off, for a moment nobody answers, the release goes live', async () => {
    const pushed = await killIn('router', 'await healthy', {});
    await pushed.ended; // through HAProxy too: cut off, unless it was over by then
    await until(
      'the ref',
      async () => (await app.refs().catch(() => '')).includes(`${pushed.sha}\trefs/heads/main`),
      withinMs,
      100,
    );
    const failures = await requests.stop();
    // Nobody listens until it is back, and nobody is told anything wrong.
    expect(failures.filter(({ what }) => !/ECONNREFUSED|ECONNRESET|socket hang up/.test(what))).toEqual([]);
    const last = failures.at(-1);
    expect(last ? last.at - failures[0]!.at : 0).toBeLessThan(10_000);
    requests = startRequests(app.webUrl);
    await expectClean();
  });

  it.each<[string, Slow]>([
    ['build script', { build }],
    ['release phase', { release: 'sleep 1' }],
  ])('PostgreSQL, restarted in the step "%s": the push goes live', async (step, slow) => {
    const container = await containerOf('postgres');
    const pushed = await app.push(slow);
    await awaitStep(pushed, step);
    await docker('restart', container);
    await expectLive(pushed);
  });
});

describe('a build that is cancelled', () => {
  it('takes all its processes along within 2 s, deaf ones in sessions of their own too; the pusher is told', async () => {
    const seconds = String(100_000 + (Date.now() % 100_000));
    const deaf = `trap "" TERM HUP INT; sleep ${seconds}`;
    const pushed = await app.push({ build: `setsid sh -c '${deaf}' & setsid -f sh -c '${deaf}'; sh -c '${deaf}'` });
    const running = () => findProcesses('sleep', seconds);
    await until('three of them run', async () => (await running()).length === 3, withinMs, 100);
    const id = await buildOf(pushed);
    await askApi('DELETE', `/apps/${app.name}/builds/${id}`);
    await until('they are gone', async () => (await running()).length === 0, 2_000, 10);
    expect(await pushed.ended).toMatchObject({ isOk: false, output: expect.stringContaining('cancelled') });
    expect((await askApi('GET', `/apps/${app.name}/builds/${id}`)).status).toBe('failed');
    await expectClean();
  });

  it('while its builder is dead does not run on in the jail that is left', async () => {
    const seconds = String(200_000 + (Date.now() % 100_000));
    const pushed = await killIn('builder', 'build script', { build: `sleep ${seconds}` });
    const id = await buildOf(pushed);
    await askApi('DELETE', `/apps/${app.name}/builds/${id}`);
    expect(await pushed.ended).toMatchObject({ isOk: false, output: expect.stringContaining('cancelled') });
    await expectClean();
    expect(await findProcesses('sleep', seconds)).toEqual([]);
  });
});

describe('an app that is destroyed', () => {
  it('while its releaser is killed is gone all the same', async () => {
    const doomed = await openSlowApp(`${app.name}-2`);
    expect(await (await doomed.push({})).ended).toMatchObject({ isOk: true });
    const victim = await findVictim('releaser');
    await doomed.remove();
    await until(
      'it begins',
      async () =>
        (await query(`SELECT 1 FROM "Lease" WHERE "key" = $1 AND "expiresAt" > now()`, `rollout:${doomed.id}`)).length >
        0,
      withinMs,
      2,
    );
    victim.kill();
    await expect.poll(() => findLeftovers(doomed.id), { interval: 200 }).toEqual([]);
    await expectClean();
  });
});
