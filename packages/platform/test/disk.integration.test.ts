import type { DiskLedger } from '@berth/domain/disk-ledger';
import { plain, sumLedger } from '@berth/domain/disk-ledger';
import { appendLines, readLines, streamKey } from '@berth/logs/log-stream';
import { beforeEach, describe, expect, it } from 'vitest';
import { storeOutput } from '../src/builds/store-output.js';
import { askCollection } from '../src/collections/ask-collection.js';
import { forgetHistory } from '../src/collections/forget-history.js';
import { getCollection, listCollections } from '../src/collections/get-collection.js';
import { markCollected } from '../src/collections/mark-collected.js';
import { scheduleCollection } from '../src/collections/schedule-collection.js';
import { getLedger } from '../src/disk/get-ledger.js';
import { saveLedger } from '../src/disk/save-ledger.js';
import { setRetention } from '../src/disk/set-retention.js';
import { spreadKeptLines } from '../src/disk/spread-kept-lines.js';
import { listReleases } from '../src/releases/list-releases.js';
import { rollBack } from '../src/releases/roll-back.js';
import { finishRetire } from '../src/rollouts/finish-retire.js';
import { createTeam } from '../src/teams/create-team.js';
import { deploy, push, sha, worldWithApp } from './open-world.js';

const here = worldWithApp();

const ledger: DiskLedger = sumLedger({ totalBytes: 100, freeBytes: 50 }, [
  plain('image', 'ours', 'why', 10, false, { team: 'default' }),
  plain('image', 'theirs', 'why', 20, true, { team: 'theirs' }),
  plain('base', 'runtime/node', 'why', 5, false),
]);

describe('the ledger', () => {
  beforeEach(() => saveLedger(here.world.platform, { ledger }));

  it('is shown whole to owners of team default, and to admins only what is their team’s', async () => {
    const { platform, owner, addUser } = here.world;
    expect(await getLedger(platform, { actor: owner })).toMatchObject({ usedBytes: 35, reclaimableBytes: 20 });
    const admin = await addUser('admin');
    const seen = await getLedger(platform, { actor: admin });
    expect(seen).toMatchObject({ usedBytes: 10, reclaimableBytes: 0, totalBytes: 100 });
    expect(seen.entries.map(({ name }) => name)).toEqual(['ours']);
    const other = await addUser(null);
    await createTeam(platform, { actor: other, name: 'theirs' });
    expect((await getLedger(platform, { actor: other })).entries.map(({ name }) => name)).toEqual(['theirs']);
    await expect(getLedger(platform, { actor: other, team: 'default' })).rejects.toThrow("Couldn't find that team");
    await expect(getLedger(platform, { actor: owner, team: 'theirs' })).rejects.toThrow("Couldn't find that team");
  });

  it('and cleaning are closed to members', async () => {
    const { platform, addUser } = here.world;
    const member = await addUser('member');
    await expect(getLedger(platform, { actor: member })).rejects.toMatchObject({ code: 'forbidden' });
    for (const team of [undefined, 'default'])
      await expect(askCollection(platform, { actor: member, team, dryRun: true })).rejects.toMatchObject({
        code: 'forbidden',
      });
  });
});

describe('collections', () => {
  it('asked for by an admin are of the team; who did not ask and does not own the installation sees none of another team', async () => {
    const { platform, owner, addUser } = here.world;
    const admin = await addUser('admin');
    const stranger = await addUser(null);
    const asked = await askCollection(platform, { actor: admin, dryRun: true });
    const row = await platform.db.collection.findUniqueOrThrow({ where: { id: asked.id } });
    expect(row.teamId).not.toBeNull();
    expect((await getCollection(platform, { actor: owner, id: asked.id })).id).toBe(asked.id);
    await expect(getCollection(platform, { actor: stranger, id: asked.id })).rejects.toMatchObject({
      code: 'forbidden',
    });
    await createTeam(platform, { actor: stranger, name: 'strangers' });
    await expect(getCollection(platform, { actor: stranger, id: asked.id })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await listCollections(platform, { actor: stranger })).toEqual([]);
  });

  it('by timetable are made once, however many ask, and not again before their time', async () => {
    const { platform } = here.world;
    await platform.db.collection.deleteMany({});
    const ask = () => scheduleCollection(platform, { reason: 'schedule', everyMs: 0 });
    await platform.db.team.updateMany({ data: { createdAt: new Date(0) } });
    const made = (await Promise.all([ask(), ask(), ask()])).filter((id) => id !== undefined);
    expect(made).toHaveLength(1);
    await platform.db.collection.updateMany({ data: { status: 'succeeded' } });
    expect(await scheduleCollection(platform, { reason: 'schedule', everyMs: 60_000 })).toBeUndefined();
    expect(await scheduleCollection(platform, { reason: 'low_space', everyMs: 60_000 })).toBeDefined();
  });
});

describe('retention', () => {
  it('is set per environment by admins, and goes back to its kind’s', async () => {
    const { platform, owner, addUser } = here.world;
    const of = { team: 'default', environment: 'production' };
    expect(await setRetention(platform, { actor: owner, ...of, keptReleases: 3, keptDays: 7 })).toEqual({
      environment: 'production',
      keptReleases: 3,
      keptDays: 7,
      keptLines: 10_000,
    });
    expect(await setRetention(platform, { actor: owner, ...of, keptLines: 100 })).toMatchObject({ keptLines: 100 });
    for (const wrong of [{ keptLines: 99 }, { keptLines: 20_001 }, { keptDays: 0 }, { keptReleases: 1.5 }])
      await expect(setRetention(platform, { actor: owner, ...of, ...wrong })).rejects.toMatchObject({
        code: 'invalid_params',
      });
    await setRetention(platform, { actor: owner, ...of, keptLines: 10_000 });
    expect(await setRetention(platform, { actor: owner, ...of, keptReleases: null, keptDays: 90 })).toMatchObject({
      keptReleases: 20,
    });
    const member = await addUser('member');
    await expect(setRetention(platform, { actor: member, ...of, keptDays: 1 })).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(setRetention(platform, { actor: owner, ...of, environment: 'no', keptDays: 1 })).rejects.toMatchObject(
      { code: 'not_found' },
    );
  });

  it('does not take an image that a rollback takes at the same moment', async () => {
    const { world, app, who } = here;
    const { platform } = world;
    await setRetention(platform, { actor: world.owner, team: 'default', environment: 'production', keptReleases: 1 });
    const { repositoryId } = await platform.db.app.findUniqueOrThrow({ where: { id: app.id } });
    for (let round = 0; round < 4; round += 1) {
      const old = await deploy(world, app.id, `old ${round}`);
      await deploy(world, app.id, `new ${round}`);
      const { version, imageId } = await platform.db.release.findUniqueOrThrow({ where: { id: old.releaseId } });
      for (const { id } of await platform.db.rollout.findMany({ where: { releaseId: old.releaseId } }))
        await finishRetire(platform, { rolloutId: id });
      await platform.db.image.updateMany({ data: { createdAt: new Date(0) } });
      const lease = await world.lease(`collect ${app.id} ${round}`);
      const [rolledBack, marked] = await Promise.allSettled([
        rollBack(platform, { ...who, version }),
        markCollected(platform, { repositoryId, lease }),
      ]);
      expect(marked.status).toBe('fulfilled');
      const image = await platform.db.image.findUniqueOrThrow({ where: { id: imageId ?? '' } });
      expect(image.collectedAt === null).toBe(rolledBack.status === 'fulfilled');
      await platform.db.release.updateMany({ where: { status: 'pending' }, data: { status: 'superseded' } });
    }
    await setRetention(platform, {
      actor: world.owner,
      team: 'default',
      environment: 'production',
      keptReleases: null,
    });
  });

  it('forgets old outputs, events and pushes without a release; releases stay listed, the serving one whole', async () => {
    const { world, app, who } = here;
    const { platform } = world;
    const first = await deploy(world, app.id, 'first');
    const current = await deploy(world, app.id, 'second');
    const failed = await push(platform, world.owner, app.id, 'third');
    await platform.db.build.update({ where: { id: failed.buildId ?? '' }, data: { status: 'failed' } });
    await push(platform, world.owner, app.id, 'fourth');
    for (const releaseId of [first.releaseId, current.releaseId]) await storeOutput(platform, { releaseId, text: 'x' });
    // Of other branches what tells whether they are there: the first one is, the second is not.
    const stored = async (branch: string, newSha: string, refAppliedAt: Date | null = new Date()) => {
      const ref = `refs/heads/${branch}`;
      const row = { appId: app.id, userId: world.owner.userId, ref, oldSha: sha('old'), newSha };
      await platform.db.push.create({ data: { ...row, refWanted: true, refAppliedAt } });
    };
    for (const newSha of [sha('old'), sha('new')]) await stored('there', newSha);
    for (const newSha of [sha('old'), '0'.repeat(40)]) await stored('gone', newSha);
    // What removed a branch stays while a push before it does: that one would be its newest.
    await stored('held', sha('old'), null);
    await stored('held', '0'.repeat(40));
    await push(platform, world.owner, app.id, 'fifth');
    const longAgo = new Date(Date.now() - 91 * 24 * 3_600_000);
    await platform.db.output.updateMany({ data: { createdAt: longAgo } });
    await platform.db.push.updateMany({ where: { appId: app.id }, data: { createdAt: longAgo } });
    await platform.db.event.updateMany({ where: { appId: app.id }, data: { createdAt: longAgo } });
    expect(await forgetHistory(platform)).toMatchObject({ outputs: 1, pushes: 5 });
    expect(await platform.db.event.count({ where: { appId: app.id } })).toBe(0);
    const releases = await listReleases(platform, who);
    expect(releases.map(({ status, hasOutput }) => [status, hasOutput])).toEqual([
      ['succeeded', true],
      ['succeeded', false],
    ]);
    const pushes = await platform.db.push.findMany({ where: { appId: app.id }, orderBy: { sequence: 'asc' } });
    expect(pushes.map(({ ref, newSha }) => [ref, newSha])).toEqual([
      ...['first', 'second'].map((name) => ['refs/heads/main', sha(name)]),
      ['refs/heads/there', sha('new')],
      ['refs/heads/held', sha('old')],
      ['refs/heads/held', '0'.repeat(40)],
      ['refs/heads/main', sha('fifth')],
    ]);
  });

  it('holds for log lines: their days at a collection, their number as they are written', async () => {
    const { world, app } = here;
    const { platform, owner } = world;
    const { redis, instance } = platform;
    const key = streamKey(instance, app.id);
    const of = { actor: owner, team: 'default', environment: 'production' };
    const write = (count: number) =>
      appendLines(
        redis,
        instance,
        app.id,
        Array.from({ length: count }, () => ({ at: Date.now(), source: 'app' as const, process: 'web.1', text: 'x' })),
      );
    await redis.del(key);
    const daysAgo = (days: number) => `${Date.now() - days * 24 * 3_600_000}-0`;
    for (const days of [8, 6]) await redis.xadd(key, daysAgo(days), 'a', '1', 's', 'app', 'p', 'web.1', 't', `${days}`);
    await setRetention(platform, { ...of, keptDays: 7 });
    expect(await forgetHistory(platform)).toMatchObject({ logLines: 1 });
    expect((await readLines(redis, instance, app.id, { count: 10 })).map(({ text }) => text)).toEqual(['6']);

    await setRetention(platform, { ...of, keptLines: 200 });
    await spreadKeptLines(platform);
    await write(1); // this process learns of the number
    await write(1_000);
    expect(await redis.xlen(key)).toBeLessThan(400);
    await setRetention(platform, { ...of, keptDays: 90, keptLines: 10_000 });
    await spreadKeptLines(platform);
    await write(1);
    await write(1_000);
    expect(await redis.xlen(key)).toBeGreaterThan(1_000);
  });
});
