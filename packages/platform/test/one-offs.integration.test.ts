import { randomBytes } from 'node:crypto';
import { readLines } from '@berth/logs/log-stream';
import { beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../src/apps/create-app.js';
import { getApp } from '../src/apps/get-app.js';
import { changeEnvironment } from '../src/environments/change-environment.js';
import { beginOneOff } from '../src/one-offs/begin-one-off.js';
import { checkOneOffRight } from '../src/one-offs/check-one-off-right.js';
import { findAttached } from '../src/one-offs/find-attached.js';
import { finishOneOff } from '../src/one-offs/finish-one-off.js';
import { isStopAsked } from '../src/one-offs/is-stop-asked.js';
import { listOneOffs } from '../src/one-offs/list-one-offs.js';
import { readOneOff } from '../src/one-offs/read-one-off.js';
import { startOneOff, type WantedOneOff } from '../src/one-offs/start-one-off.js';
import { stopOneOffs } from '../src/one-offs/stop-one-offs.js';
import { getQuota } from '../src/quotas/get-quota.js';
import { setEnvironmentQuota } from '../src/quotas/set-quota.js';
import { createTeam } from '../src/teams/create-team.js';
import { createToken } from '../src/tokens/create-token.js';
import { revokeToken } from '../src/tokens/revoke-token.js';
import { deploy, worldWithApp } from './open-world.js';

const here = worldWithApp();

const ask = (wanted: Partial<WantedOneOff> = {}) =>
  startOneOff(here.world.platform, {
    ...{ ...here.who, command: 'ls', env: {}, isAttached: false, hasTerminal: false, timeLimit: 60 },
    ...wanted,
  });
const live = () => deploy(here.world, here.app.id, 'one', ['web', 'worker']);
const list = () => listOneOffs(here.world.platform, here.who);
const lines = async () => {
  const { platform } = here.world;
  const all = await readLines(platform.redis, platform.instance, here.app.id, { count: 100 });
  return all.filter(({ process }) => process.startsWith('run.')).map(({ text }) => text);
};

const open = { status: { in: ['pending' as const, 'running' as const] } };
/** A live app besides the test's own. */
const otherApp = async (team = 'default') => {
  const { id } = await createApp(here.world.platform, { actor: here.world.owner, team });
  await deploy(here.world, id, 'one', ['web']);
  return id;
};

beforeEach(async () => {
  await here.world.platform.db.oneOff.deleteMany({ where: open }); // they count for whoever started them
});

describe('a one-off command', () => {
  it('is asked for in a live release only, and is listed until it ends', async () => {
    const { platform } = here.world;
    await expect(ask()).rejects.toMatchObject({
      code: 'conflict',
      message: `${here.app.name} has no live release to run a command in: push it first.`,
    });
    await live();
    const { oneOff, secret } = await ask({ env: { TOKEN: 'a secret' } });
    expect(secret).toBeUndefined();
    expect(oneOff).toMatchObject({
      name: expect.stringMatching(/^run\.\d{4}$/),
      status: 'pending',
      size: 'standard-1x',
    });
    expect(oneOff.release?.version).toBe(1);
    const { id: oneOffId } = oneOff;
    const row = await platform.db.oneOff.findUniqueOrThrow({ where: { id: oneOffId } });
    expect(row.env).not.toContain('a secret');
    expect(await readOneOff(platform, { oneOffId })).toMatchObject({
      isCutOff: false,
      oneOff: { command: 'ls', env: { TOKEN: 'a secret' } },
      work: { release: { version: 1 } },
    });
    const lease = await here.world.lease(`one-off:${oneOffId}`);
    const begun = await Promise.all([1, 2, 3].map(() => beginOneOff(platform, { oneOffId, version: 1, lease })));
    expect(begun.filter(Boolean)).toEqual([true]);
    expect(await readOneOff(platform, { oneOffId })).toMatchObject({ isCutOff: true });
    expect(await list()).toMatchObject([{ id: oneOffId, status: 'running' }]);
    const end = { exitCode: 3, message: 'The command exited with code 3.' };
    await finishOneOff(platform, { oneOffId, lease, end });
    await finishOneOff(platform, { oneOffId, lease, end: { exitCode: 0, message: null } });
    expect(await platform.db.oneOff.findUniqueOrThrow({ where: { id: oneOffId } })).toMatchObject({
      ...{ status: 'failed', exitCode: 3, env: '' },
    });
    expect(await list()).toEqual([]);
    expect(await lines()).toEqual([
      'Starting process with command `ls` (v1) by user owner@example.com',
      'Process exited with status 3',
    ]);
  });

  it('takes the command of a process type that it names, and its size', async () => {
    await live();
    const { platform } = here.world;
    await platform.db.formation.upsert({
      where: { appId_processType: { appId: here.app.id, processType: 'worker' } },
      create: { appId: here.app.id, processType: 'worker', quantity: 0, size: 'standard-2x' },
      update: { size: 'standard-2x' },
    });
    const { oneOff } = await ask({ command: 'worker --once', type: 'worker' });
    expect(oneOff).toMatchObject({
      ...{ command: 'run worker --once', size: 'standard-2x' },
      name: expect.stringMatching(/^worker\.\d{4}$/),
    });
    expect((await ask({ size: 'PERFORMANCE-M' })).oneOff.size).toBe('performance-m');
    await expect(ask({ size: 'huge' })).rejects.toMatchObject({ code: 'invalid_params' });
  });

  it('runs a process type as it is in its environment', async () => {
    const { platform } = here.world;
    const { releaseId } = await live();
    const { environment } = await getApp(platform, here.who);
    const section = { processes: { worker: { command: 'work here', size: 'standard-2x' } }, release: 'migrate here' };
    await platform.db.image.updateMany({
      where: { releases: { some: { id: releaseId } } },
      data: { environments: { [environment.name]: section } },
    });
    await platform.db.formation.deleteMany({ where: { appId: here.app.id } }); // as of a process type that is new
    expect((await ask({ command: 'worker --once', type: 'worker' })).oneOff).toMatchObject({
      ...{ command: 'work here --once', size: 'standard-2x' },
    });
    expect((await ask({ command: 'release' })).oneOff.command).toBe('migrate here');
    const { oneOff } = await ask();
    const work = await readOneOff(platform, { oneOffId: oneOff.id });
    expect(work?.work.image.processTypes).toContainEqual(expect.objectContaining({ command: 'work here' }));
  });

  it('has the size of the new processes of its environment where nothing names one', async () => {
    const { platform, owner: actor } = here.world;
    await live();
    const { environment } = await getApp(platform, here.who);
    const change = (size: string | null) =>
      changeEnvironment(platform, { actor, team: 'default', environment: environment.name, policy: { size } });
    await change('performance-m');
    try {
      const { oneOff } = await ask();
      expect(oneOff.size).toBe('performance-m');
      // Release commands and cron jobs have it of this.
      expect((await readOneOff(platform, { oneOffId: oneOff.id }))?.work.app.firstSize).toBe('performance-m');
      expect((await ask({ type: 'worker' })).oneOff.size).toBe('standard-1x'); // what runs keeps its own
    } finally {
      await change(null);
    }
  });

  it('that is attached is opened by its secret, while it waits', async () => {
    await live();
    const { platform } = here.world;
    const { oneOff, secret = '' } = await ask({ isAttached: true });
    expect(secret).toMatch(/^berth-run-[\w-]{43}$/);
    expect(await findAttached(platform, { secret })).toBe(oneOff.id);
    expect(await findAttached(platform, { secret: `${secret}x` })).toBeUndefined();
    const lease = await here.world.lease(`one-off:${oneOff.id}`);
    await beginOneOff(platform, { oneOffId: oneOff.id, version: 1, lease });
    expect(await findAttached(platform, { secret })).toBeUndefined();
  });

  it('that waits is cancelled by a stop, one that runs is told to end', async () => {
    await live();
    const { platform } = here.world;
    const [waits, runs] = [(await ask()).oneOff, (await ask()).oneOff];
    const lease = await here.world.lease(`one-off:${runs.id}`);
    await beginOneOff(platform, { oneOffId: runs.id, version: 1, lease });
    expect(await isStopAsked(platform, { oneOffId: runs.id })).toBe(false);
    expect(await stopOneOffs(platform, { ...here.who, processType: 'run', number: 1 })).toBe(0);
    expect(await stopOneOffs(platform, { ...here.who, processType: 'run' })).toBe(2);
    expect(await isStopAsked(platform, { oneOffId: runs.id })).toBe(true);
    expect(await list()).toMatchObject([{ id: runs.id }]);
    const waitsLease = await here.world.lease(`one-off:${waits.id}`);
    expect(await beginOneOff(platform, { oneOffId: waits.id, version: 1, lease: waitsLease })).toBe(false);
    await finishOneOff(platform, {
      ...{ oneOffId: runs.id, lease },
      end: { exitCode: null, message: 'It was stopped by a user.', isCancelled: true },
    });
    const ends = await platform.db.oneOff.findMany({ where: { appId: here.app.id }, select: { status: true } });
    expect(ends).toEqual([{ status: 'cancelled' }, { status: 'cancelled' }]);
  });

  it('is no longer its asker’s once the API token that asked for it is revoked', async () => {
    await live();
    const { platform } = here.world;
    const { actor } = here.who;
    const { id: tokenId } = await createToken(platform, { actor, description: 'run' });
    const { oneOff } = await ask({ actor: { ...actor, tokenId }, isAttached: true });
    await checkOneOffRight(platform, { oneOffId: oneOff.id });
    await revokeToken(platform, { actor, id: tokenId });
    await expect(checkOneOffRight(platform, { oneOffId: oneOff.id })).rejects.toMatchObject({
      ...{ code: 'unauthorized' },
      message: 'The API token that you signed in with was revoked, or has run out.',
    });
  });

  it('is for members, and for whom the environment lets deploy; a freeze does not count', async () => {
    await live();
    const { platform, owner, addUser } = here.world;
    const [member, viewer, stranger] = [await addUser('member'), await addUser('viewer'), await addUser(null)];
    const { environment } = await getApp(platform, here.who);
    const change = (policy: object) =>
      changeEnvironment(platform, { actor: owner, team: 'default', environment: environment.name, policy });
    const { oneOff } = await ask({ actor: member });
    await checkOneOffRight(platform, { oneOffId: oneOff.id });
    await expect(ask({ actor: viewer })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(ask({ actor: stranger })).rejects.toMatchObject({ code: 'not_found' });
    await change({ deployRole: 'admin', freeze: { reason: 'Christmas', until: null } });
    try {
      await expect(ask({ actor: member })).rejects.toMatchObject({
        ...{ code: 'forbidden' },
        message: `Running commands in ${environment.name} needs the role admin; yours is member.`,
      });
      await ask({ actor: await addUser('admin') });
      await expect(checkOneOffRight(platform, { oneOffId: oneOff.id })).rejects.toMatchObject({ code: 'forbidden' });
    } finally {
      await change({ deployRole: 'member', freeze: null });
    }
    await expect(stopOneOffs(platform, { actor: viewer, app: here.app.id, processType: 'run' })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  it('counts against quotas while it is open, and an app has only so many', async () => {
    await live();
    const { platform, owner: actor } = here.world;
    const { environment } = await getApp(platform, here.who);
    const of = { actor, team: 'default', environment: environment.name };
    const { taken } = await getQuota(platform, of);
    await setEnvironmentQuota(platform, { ...of, limits: { memoryMiB: taken.memoryMiB + 512 } });
    await ask();
    await expect(ask()).rejects.toMatchObject({ code: 'quota_exceeded' });
    await stopOneOffs(platform, { ...here.who, processType: 'run' });
    await ask();
    await setEnvironmentQuota(platform, { ...of, limits: {} });
    for (let count = 1; count < 20; count += 1) await ask();
    await expect(ask()).rejects.toMatchObject({
      code: 'rate_limited',
      message: expect.stringMatching(/runs 20 one-off/),
    });
  });

  it('has a place in its team’s share of the host, which many apps, and many at once, have together', async () => {
    await live();
    const { platform, owner: actor, addUser } = here.world;
    const colleague = await addUser('member');
    const [otherId, thirdId] = [await otherApp(), await otherApp()];
    for (let count = 0; count < 19; count += 1) {
      await ask();
      await ask({ app: otherId, actor: colleague });
    }
    const answers = await Promise.allSettled([1, 2, 3, 4, 5].map(() => ask({ app: thirdId })));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    await expect(ask({ app: thirdId })).rejects.toMatchObject({
      ...{ code: 'rate_limited' },
      message: 'Team default runs 40 one-off commands already: wait, or stop one of them.',
    });
    await stopOneOffs(platform, { actor, app: otherId, processType: 'run' });
    await ask({ app: thirdId });
  });

  it('has a place in its person’s share, which all their teams have together', async () => {
    await live();
    const { platform, owner: actor, addUser } = here.world;
    const colleague = await addUser('member');
    const team = `team-${randomBytes(4).toString('hex')}`;
    await createTeam(platform, { actor, name: team });
    const [otherId, foreignId] = [await otherApp(), await otherApp(team)];
    for (let count = 0; count < 14; count += 1) {
      await ask();
      await ask({ app: foreignId });
    }
    const answers = await Promise.allSettled([otherId, foreignId, otherId, foreignId].map((app) => ask({ app })));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    await expect(ask({ app: foreignId })).rejects.toMatchObject({
      ...{ code: 'rate_limited' },
      message: 'You run 30 one-off commands already: wait, or stop one of them.',
    });
    await ask({ actor: colleague });
    await stopOneOffs(platform, { actor, app: foreignId, processType: 'run' });
    await ask();
  });
});
