import { describe, expect, it } from 'vitest';
import { createApp } from '../src/apps/create-app.js';
import { setConfigVars } from '../src/config-vars/set-config-vars.js';
import { changeEnvironment, type EnvironmentChanges } from '../src/environments/change-environment.js';
import { createEnvironment } from '../src/environments/create-environment.js';
import { deleteEnvironment } from '../src/environments/delete-environment.js';
import { listEnvironments } from '../src/environments/list-environments.js';
import { scaleFormation } from '../src/formation/scale-formation.js';
import { releaseImages } from '../src/images/release-images.js';
import { acceptPush } from '../src/pushes/accept-push.js';
import { classifyPush } from '../src/pushes/classify-push.js';
import { findUploadTarget } from '../src/registry/find-upload-target.js';
import { grantPerson } from '../src/registry/grant-person.js';
import { rollBack } from '../src/releases/roll-back.js';
import { createTeam } from '../src/teams/create-team.js';
import { deploy, push, sha, worldWithApp } from './open-world.js';

const here = worldWithApp();
const team = 'default';
const names = async () =>
  (await listEnvironments(here.world.platform, { actor: here.world.owner, team })).map(({ name }) => name);
const change = (environment: string, changes: EnvironmentChanges, actor = here.world.owner) =>
  changeEnvironment(here.world.platform, { actor, team, environment, ...changes });

describe('the stable environments of a team', () => {
  it('are daily, qa, pre and production at first, and an app that names none is in the last', async () => {
    expect(await names()).toEqual(['daily', 'qa', 'pre', 'production']);
    const { platform, owner } = here.world;
    await createTeam(platform, { actor: owner, name: 'second' });
    const lines = await listEnvironments(platform, { actor: owner, team: 'second' });
    expect(lines.map(({ name, policy }) => [name, policy.approvals])).toEqual([
      ['daily', 0],
      ['qa', 0],
      ['pre', 0],
      ['production', 1],
    ]);
    const app = await createApp(platform, { actor: owner });
    expect(app.environment.name).toBe('production');
    expect((await createApp(platform, { actor: owner, environment: 'qa' })).environment.name).toBe('qa');
    const lost = createApp(platform, { actor: owner, environment: 'moon' });
    await expect(lost).rejects.toMatchObject({ code: 'not_found' });
  });

  it('are added before the last, moved, renamed, and deleted when nothing is in them', async () => {
    const { platform, owner } = here.world;
    await createEnvironment(platform, { actor: owner, team, name: 'load' });
    expect(await names()).toEqual(['daily', 'qa', 'pre', 'load', 'production']);
    await change('load', { position: 1 });
    await change('load', { name: 'stress' });
    expect(await names()).toEqual(['daily', 'stress', 'qa', 'pre', 'production']);
    await expect(change('stress', { name: 'qa' })).rejects.toMatchObject({ code: 'conflict' });
    await createApp(platform, { actor: owner, environment: 'stress', name: 'in-stress' });
    const gone = () => deleteEnvironment(platform, { actor: owner, team, environment: 'stress' });
    await expect(gone()).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('in-stress') });
    await platform.db.app.deleteMany({ where: { name: 'in-stress' } });
    await gone();
    expect(await names()).toEqual(['daily', 'qa', 'pre', 'production']);
  });

  it('keep one place each when two people move them at once', async () => {
    await Promise.all([
      change('qa', { position: 0 }),
      change('pre', { position: 0 }),
      change('daily', { position: 0 }),
    ]);
    const rows = await here.world.platform.db.environment.findMany({ where: { team: { name: team } } });
    expect(rows.map(({ position }) => position).sort()).toEqual([0, 1, 2, 3]);
    await change('daily', { position: 0 });
    await change('qa', { position: 1 });
    await change('pre', { position: 2 });
  });

  it('are changed by admins only', async () => {
    const member = await here.world.addUser('member');
    await expect(change('qa', { position: 0 }, member)).rejects.toMatchObject({ code: 'forbidden' });
    const stranger = await here.world.addUser(null);
    await expect(change('qa', { position: 0 }, stranger)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('the policy of an environment', () => {
  const freeze = { reason: 'Christmas', until: null };
  const sentence = 'production is frozen: Christmas.';
  const closed = [{ days: ['mon' as const], from: '00:00', to: '00:01', timeZone: 'UTC' }];
  const free = { freeze: null, windows: [], deployRole: 'member' as const, quantityMax: null };

  /** Every way by which a person changes what runs. */
  const doors = {
    'git push, before its build': (actor: { userId: string }, app: string) =>
      acceptPush(here.world.platform, {
        ...{ actor, appId: app, ref: 'refs/heads/main', oldSha: sha('one'), newSha: sha('two') },
        source: { commit: sha('two'), message: 'two', digest: 'sha256:two', sizeBytes: 1 },
      }),
    'heroku container:push': (actor: { userId: string }, app: string) =>
      findUploadTarget(here.world.platform, { actor, app }),
    'release of a pushed image': (actor: { userId: string }, app: string) =>
      releaseImages(here.world.platform, {
        ...{ actor, app, keepOthers: false },
        images: [{ processType: 'web', digest: 'sha256:ready', argv: ['run'], sizeBytes: 1 }],
      }),
    'config change': (actor: { userId: string }, app: string) =>
      setConfigVars(here.world.platform, { actor, app, changes: { BY: actor.userId } }),
    rollback: (actor: { userId: string }, app: string) => rollBack(here.world.platform, { actor, app, version: 1 }),
  };

  for (const [door, open] of Object.entries(doors)) {
    it(`${door}: refused in a freeze, out of hours, and to a role that is too low`, async () => {
      const { id } = here.app;
      const member = await here.world.addUser('member');
      await deploy(here.world, id, 'one');
      try {
        await change('production', { policy: { freeze } });
        await expect(open(member, id)).rejects.toMatchObject({ code: 'forbidden', message: sentence });
        await change('production', { policy: { freeze: null, windows: closed } });
        await expect(open(member, id)).rejects.toThrow('production takes deploys only mon 00:00-00:01 (UTC).');
        await change('production', { policy: { windows: [], deployRole: 'admin' } });
        await expect(open(member, id)).rejects.toThrow('needs the role admin; yours is member.');
      } finally {
        await change('production', { policy: free });
      }
      await open(member, id);
    });
  }

  it('lets admins roll back in a freeze, and nobody push', async () => {
    const { platform } = here.world;
    const { id } = here.app;
    const admin = await here.world.addUser('admin');
    await deploy(here.world, id, 'one');
    await deploy(here.world, id, 'two');
    try {
      await change('production', { policy: { freeze } });
      const of = { actor: admin, appId: id, newSha: sha('three') };
      const main = await classifyPush(platform, { ...of, ref: 'refs/heads/main' });
      expect(main).toEqual({ kind: 'reject', message: sentence });
      expect(await classifyPush(platform, { ...of, ref: 'refs/heads/side' })).toEqual({ kind: 'store' });
      const grant = { actor: admin, name: here.app.name };
      expect(await grantPerson(platform, { ...grant, actions: ['pull', 'push'] })).toBeUndefined();
      expect((await grantPerson(platform, { ...grant, actions: ['pull'] }))?.actions).toEqual(['pull']);
      await expect(rollBack(platform, { actor: admin, app: id, version: 1 })).resolves.toMatchObject({ version: 3 });
    } finally {
      await change('production', { policy: free });
    }
  });

  it('ends a freeze by itself', async () => {
    const until = new Date(Date.now() - 1_000).toISOString();
    await change('production', { policy: { freeze: { reason: 'Over', until } } });
    await expect(push(here.world.platform, here.world.owner, here.app.id, 'one')).resolves.toBeDefined();
    await change('production', { policy: free });
  });

  it('limits the instances of a process type', async () => {
    await deploy(here.world, here.app.id, 'one');
    await change('production', { policy: { quantityMax: 2 } });
    const scale = (quantity: number) =>
      scaleFormation(here.world.platform, { ...here.who, changes: [{ processType: 'web', quantity }] });
    await expect(scale(3)).rejects.toThrow('production runs 2 of one process type at the most.');
    expect(await scale(2)).toMatchObject([{ quantity: 2 }]);
    await change('production', { policy: free });
  });

  it('takes one part of it and leaves the others', async () => {
    await change('qa', { policy: { approvals: 2 } });
    const { policy } = await change('qa', { policy: { gates: [{ path: '/health' }] } });
    expect(policy).toMatchObject({ approvals: 2, gates: [{ path: '/health' }] });
    await expect(change('qa', { policy: { approvals: 9 } })).rejects.toThrow('policy.approvals');
  });
});
