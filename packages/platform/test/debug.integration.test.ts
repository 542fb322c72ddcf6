import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { getApp } from '../src/apps/get-app.js';
import { debugRelease } from '../src/debug/debug-release.js';
import { expireDebugs } from '../src/debug/expire-debugs.js';
import { setDebug } from '../src/debug/set-debug.js';
import { readOneOff } from '../src/one-offs/read-one-off.js';
import { askShell } from '../src/shells/ask-shell.js';
import { redeemShell } from '../src/shells/redeem-shell.js';
import { hasShell, noteShell } from '../src/shells/shell-note.js';
import { removeSshKey } from '../src/ssh-keys/remove-ssh-key.js';
import { deploy, worldWithApp } from './open-world.js';

describe('debug', () => {
  const here = worldWithApp();
  /** Puts the app's environment before another one. */
  const putBefore = async () => {
    const { db } = here.world.platform;
    const { teamId } = await db.app.findUniqueOrThrow({ where: { id: here.app.id } });
    const qa = await db.environment.create({
      data: { name: `qa-${here.app.name}`, kind: 'stable', teamId, position: -1 },
    });
    await db.app.update({ where: { id: here.app.id }, data: { environmentId: qa.id } });
  };
  const set = (minutes: number | null) => setDebug(here.world.platform, { ...here.who, minutes });
  const restarts = () => here.world.platform.db.rollout.count({ where: { appId: here.app.id, reason: 'restart' } });

  it('is refused in the last environment of the line with one sentence', async () => {
    await expect(set(60)).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringMatching(/^production is the last environment of the line: debug deploys/),
    });
    await set(null);
  });

  it('starts the app anew when it begins and when it ends, not when it is made longer', async () => {
    await putBefore();
    await set(60);
    expect(await restarts()).toBe(0); // nothing was deployed yet
    await set(null);
    await deploy(here.world, here.app.id, 'one', ['web']);
    await set(60);
    expect(await restarts()).toBe(1);
    await set(120);
    const { debugUntil } = await getApp(here.world.platform, here.who);
    expect(Number(debugUntil) - Date.now()).toBeGreaterThan(110 * 60_000);
    expect(await restarts()).toBe(1);
    await expireDebugs(here.world.platform, { now: new Date(Date.now() + 119 * 60_000) });
    expect((await getApp(here.world.platform, here.who)).debugUntil).not.toBeNull();
    await expireDebugs(here.world.platform, { now: new Date(Date.now() + 121 * 60_000) });
    expect((await getApp(here.world.platform, here.who)).debugUntil).toBeNull();
    expect(await restarts()).toBe(2);
  });

  it('starts an instance of any release that has an image, as a one-off of that release', async () => {
    await deploy(here.world, here.app.id, 'one', ['web']);
    await deploy(here.world, here.app.id, 'two', ['web']);
    const oneOff = await debugRelease(here.world.platform, { ...here.who, version: 'v1', minutes: 5 });
    expect(oneOff).toMatchObject({ processType: 'debug', status: 'pending' });
    expect((await readOneOff(here.world.platform, { oneOffId: oneOff.id }))?.work.release.version).toBe(1);
    await expect(debugRelease(here.world.platform, { ...here.who, version: 'v9', minutes: 5 })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('starts an instance as the process is in that environment, and of its size', async () => {
    const { platform } = here.world;
    const { releaseId } = await deploy(here.world, here.app.id, 'one', ['web']);
    const { environment } = await getApp(platform, here.who);
    await platform.db.image.updateMany({
      where: { releases: { some: { id: releaseId } } },
      data: { environments: { [environment.name]: { processes: { web: { command: 'serve here' } } } } },
    });
    await platform.db.formation.updateMany({ where: { appId: here.app.id }, data: { size: 'standard-2x' } });
    const { command, size } = await debugRelease(platform, { ...here.who, version: 'v1', minutes: 5 });
    expect(command).toContain('serve here');
    expect(size).toBe('standard-2x');
  });
});

describe('a shell', () => {
  const here = worldWithApp();
  const ask = async ({ userId } = here.who.actor, process?: string) => {
    const key = { userId, fingerprint: randomUUID(), publicKey: 'x', comment: '' };
    const { id: sshKeyId } = await here.world.platform.db.sshKey.create({ data: key });
    return askShell(here.world.platform, { actor: { userId, sshKeyId }, app: here.app.name, process });
  };
  const instance = async () => {
    await deploy(here.world, here.app.id, 'one', ['web']);
    const { db } = here.world.platform;
    const rollout = await db.rollout.findFirstOrThrow({ where: { appId: here.app.id } });
    const place = { appId: here.app.id, rolloutId: rollout.id, processType: 'web', index: 1 };
    return db.instance.create({ data: { ...place, state: 'up', containerId: 'c1' } });
  };

  it('is for who may run commands: a ticket opens it for half a minute, and any other text does not', async () => {
    await instance();
    const { ticket, process } = await ask();
    expect(process).toBe('web.1');
    const allowed = await redeemShell(here.world.platform, { ticket });
    expect(await allowed.find()).toMatchObject({ containerId: 'c1' });
    const viewer = await here.world.addUser('viewer');
    await expect(ask(viewer)).rejects.toMatchObject({ code: 'forbidden' });
    const stranger = await here.world.addUser(null);
    await expect(ask(stranger)).rejects.toMatchObject({ code: 'not_found' });
    const changed = ticket.replace(/\.(.)([^.]*)$/, (_, first, rest) => `.${first === 'A' ? 'B' : 'A'}${rest}`);
    for (const other of ['', 'x', changed, here.world.platform.secrets.seal('{}')])
      await expect(redeemShell(here.world.platform, { ticket: other })).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('is refused beside what does not run', async () => {
    await expect(ask()).rejects.toMatchObject({
      code: 'conflict',
      message: `${here.app.name} has no process that runs.`,
    });
    await instance();
    await expect(ask(here.who.actor, 'worker.2')).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is not refused for an app that sleeps: who opens it wakes it first', async () => {
    const { id } = await instance();
    const { db } = here.world.platform;
    await db.instance.update({ where: { id }, data: { state: 'down' } });
    await db.sleep.upsert({
      where: { appId: here.app.id },
      create: { appId: here.app.id, state: 'stopped' },
      update: { state: 'stopped' },
    });
    const { ticket } = await ask();
    const { find } = await redeemShell(here.world.platform, { ticket });
    await expect(find()).rejects.toMatchObject({ code: 'not_found' });
    await db.instance.update({ where: { id }, data: { state: 'up' } });
    expect((await find()).process).toBe('web.1');
  });

  it('ends with the right of who opened it', async () => {
    await instance();
    const member = await here.world.addUser('member');
    const { ticket } = await ask(member);
    const allowed = await redeemShell(here.world.platform, { ticket });
    await here.world.platform.db.membership.deleteMany({ where: { userId: member.userId } });
    await expect(allowed.check()).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is seen by every process as long as it is open; one of a killed process for half a minute', async () => {
    const { platform } = here.world;
    const of = { appId: here.app.id };
    const [first, second] = [await noteShell(platform, of), await noteShell(platform, of)];
    expect(await hasShell(platform, of)).toBe(true);
    expect(await hasShell(platform, { appId: randomUUID() })).toBe(false);
    first();
    expect(await hasShell(platform, of)).toBe(true);
    second();
    expect(await hasShell(platform, of)).toBe(false);
    (await noteShell(platform, of))();
    const key = `berth:${platform.instance}:shells:${of.appId}`;
    await platform.redis.zadd(key, Date.now() - 1, 'killed half a minute ago');
    expect(await hasShell(platform, of)).toBe(false);
    const end = await noteShell(platform, of);
    expect(await platform.redis.pttl(key)).toBeGreaterThan(0);
    end();
  });

  it('ends with the SSH key of who opened it, and a connection that is left opens no other', async () => {
    await instance();
    const { platform } = here.world;
    const { userId } = await here.world.addUser('member');
    const { ticket } = await ask({ userId });
    const allowed = await redeemShell(platform, { ticket });
    await allowed.check();
    const { id: sshKeyId } = await platform.db.sshKey.findFirstOrThrow({ where: { userId } });
    await removeSshKey(platform, { actor: { userId }, key: sshKeyId });
    const removed = { code: 'unauthorized', message: 'The SSH key that you signed in with was removed.' };
    await expect(allowed.check()).rejects.toMatchObject(removed);
    await expect(redeemShell(platform, { ticket })).rejects.toMatchObject(removed);
    await expect(askShell(platform, { actor: { userId, sshKeyId }, app: here.app.name })).rejects.toMatchObject(
      removed,
    );
  });
});
