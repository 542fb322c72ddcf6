import { UserError } from '@berth/domain/errors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../src/actor.js';
import { createAddOn } from '../src/add-ons/create-add-on.js';
import { listAddOns } from '../src/add-ons/list-add-ons.js';
import { createApp } from '../src/apps/create-app.js';
import { destroyApp } from '../src/apps/destroy-app.js';
import { getApp } from '../src/apps/get-app.js';
import { listApps } from '../src/apps/list-apps.js';
import { setDeployBranch } from '../src/apps/set-deploy-branch.js';
import { setMaintenance } from '../src/apps/set-maintenance.js';
import { cancelBuild } from '../src/builds/cancel-build.js';
import { getBuild } from '../src/builds/get-build.js';
import { getOutput } from '../src/builds/get-output.js';
import { listBuilds } from '../src/builds/list-builds.js';
import { compareEnvironments } from '../src/config-vars/compare-environments.js';
import { getConfigVars } from '../src/config-vars/get-config-vars.js';
import { getSharedVars } from '../src/config-vars/get-shared-vars.js';
import { listOrigins } from '../src/config-vars/list-origins.js';
import { setConfigVars } from '../src/config-vars/set-config-vars.js';
import { setSharedVars } from '../src/config-vars/set-shared-vars.js';
import { listEvents } from '../src/events/list-events.js';
import { listFormation } from '../src/formation/list-formation.js';
import { scaleFormation } from '../src/formation/scale-formation.js';
import { listInstances } from '../src/instances/list-instances.js';
import { restartInstances } from '../src/instances/restart-instances.js';
import { listOneOffs } from '../src/one-offs/list-one-offs.js';
import { startOneOff } from '../src/one-offs/start-one-off.js';
import { stopOneOffs } from '../src/one-offs/stop-one-offs.js';
import type { Platform } from '../src/platform.js';
import { acceptPush } from '../src/pushes/accept-push.js';
import { classifyPush } from '../src/pushes/classify-push.js';
import { getRelease } from '../src/releases/get-release.js';
import { getReleaseConfig } from '../src/releases/get-release-config.js';
import { listReleases } from '../src/releases/list-releases.js';
import { rollBack } from '../src/releases/roll-back.js';
import { restartApp } from '../src/rollouts/restart-app.js';
import { createInvitation } from '../src/teams/create-invitation.js';
import { listMembers } from '../src/teams/list-members.js';
import { removeMember } from '../src/teams/remove-member.js';
import { setMemberRole } from '../src/teams/set-member-role.js';
import { deploy, openWorld, push, sha, type World } from './open-world.js';

/** Who asks: a role in the app's team, or a stranger, who has a team of their own. */
const people = ['owner', 'admin', 'member', 'viewer', 'stranger'] as const;
type Person = (typeof people)[number];

interface Target {
  app: string;
  appId: string;
  buildId: string;
  releaseId: string;
  memberId: string;
}
type UseCase = (platform: Platform, actor: Actor, target: Target) => Promise<unknown>;

const ref = 'refs/heads/side';
const zeros = '0'.repeat(40);

/** Every use case that a person asks for about an app or a team, with who may: ok, forbidden (403), not found (404). */
const table: Record<string, { useCase: UseCase; least: Exclude<Person, 'stranger'> }> = {
  getApp: { least: 'viewer', useCase: (p, actor, { app }) => getApp(p, { actor, app }) },
  listBuilds: { least: 'viewer', useCase: (p, actor, { app }) => listBuilds(p, { actor, app }) },
  getBuild: { least: 'viewer', useCase: (p, actor, { app, buildId }) => getBuild(p, { actor, app, build: buildId }) },
  'getOutput of a build': {
    least: 'viewer',
    useCase: (p, actor, { app, buildId }) => getOutput(p, { actor, app, buildId }),
  },
  'getOutput of a release': {
    least: 'viewer',
    useCase: (p, actor, { app, releaseId }) => getOutput(p, { actor, app, releaseId }),
  },
  listReleases: { least: 'viewer', useCase: (p, actor, { app }) => listReleases(p, { actor, app }) },
  getRelease: { least: 'viewer', useCase: (p, actor, { app }) => getRelease(p, { actor, app, version: 1 }) },
  listFormation: { least: 'viewer', useCase: (p, actor, { app }) => listFormation(p, { actor, app }) },
  listInstances: { least: 'viewer', useCase: (p, actor, { app }) => listInstances(p, { actor, app }) },
  listEvents: { least: 'viewer', useCase: (p, actor, { app }) => listEvents(p, { actor, app }) },
  getConfigVars: { least: 'member', useCase: (p, actor, { app }) => getConfigVars(p, { actor, app }) },
  listOneOffs: { least: 'viewer', useCase: (p, actor, { app }) => listOneOffs(p, { actor, app }) },
  startOneOff: {
    least: 'member',
    useCase: (p, actor, { app }) =>
      startOneOff(p, { actor, app, command: 'ls', env: {}, isAttached: false, hasTerminal: false, timeLimit: 60 }),
  },
  stopOneOffs: { least: 'member', useCase: (p, actor, { app }) => stopOneOffs(p, { actor, app, processType: 'run' }) },
  getReleaseConfig: {
    least: 'member',
    useCase: (p, actor, { app }) => getReleaseConfig(p, { actor, app, version: 1 }),
  },
  setConfigVars: {
    least: 'member',
    useCase: (p, actor, { app }) => setConfigVars(p, { actor, app, changes: { BY: actor.userId } }),
  },
  listAddOns: { least: 'viewer', useCase: (p, actor, { app }) => listAddOns(p, { actor, app }) },
  createAddOn: {
    least: 'member',
    useCase: (p, actor, { app }) => createAddOn(p, { actor, app, plan: 'heroku-postgresql' }),
  },
  listOrigins: { least: 'viewer', useCase: (p, actor, { app }) => listOrigins(p, { actor, app }) },
  getSharedVars: { least: 'viewer', useCase: (p, actor) => getSharedVars(p, { actor, team: 'default' }) },
  'setSharedVars of a team': {
    least: 'admin',
    useCase: (p, actor) => setSharedVars(p, { actor, team: 'default', changes: { SHARED: actor.userId } }),
  },
  'setSharedVars of an environment': {
    least: 'admin',
    useCase: (p, actor) =>
      setSharedVars(p, { actor, team: 'default', environment: 'production', changes: { SHARED: actor.userId } }),
  },
  compareEnvironments: {
    least: 'viewer',
    useCase: (p, actor) => compareEnvironments(p, { actor, team: 'default', from: 'production', to: 'production' }),
  },
  classifyPush: {
    least: 'member',
    useCase: (p, actor, { appId }) => classifyPush(p, { actor, appId, ref, newSha: sha('side') }),
  },
  acceptPush: {
    least: 'member',
    useCase: (p, actor, { appId }) =>
      acceptPush(p, { actor, appId, ref, oldSha: zeros, newSha: sha('side'), source: null }),
  },
  rollBack: { least: 'member', useCase: (p, actor, { app }) => rollBack(p, { actor, app, version: 1 }) },
  restartApp: { least: 'member', useCase: (p, actor, { app }) => restartApp(p, { actor, app }) },
  restartInstances: { least: 'member', useCase: (p, actor, { app }) => restartInstances(p, { actor, app }) },
  scaleFormation: {
    least: 'member',
    useCase: (p, actor, { app }) => scaleFormation(p, { actor, app, changes: [{ processType: 'web', quantity: 2 }] }),
  },
  cancelBuild: {
    least: 'member',
    useCase: (p, actor, { app, buildId }) => cancelBuild(p, { actor, app, build: buildId }),
  },
  setMaintenance: { least: 'member', useCase: (p, actor, { app }) => setMaintenance(p, { actor, app, isOn: true }) },
  setDeployBranch: {
    least: 'admin',
    useCase: (p, actor, { app }) => setDeployBranch(p, { actor, app, branch: 'trunk' }),
  },
  destroyApp: { least: 'admin', useCase: (p, actor, { app }) => destroyApp(p, { actor, app }) },
  createApp: { least: 'member', useCase: (p, actor) => createApp(p, { actor, team: 'default' }) },
  listMembers: { least: 'viewer', useCase: (p, actor) => listMembers(p, { actor, team: 'default' }) },
  createInvitation: {
    least: 'admin',
    useCase: (p, actor) => createInvitation(p, { actor, team: 'default', role: 'viewer' }),
  },
  removeMember: {
    least: 'admin',
    useCase: (p, actor, { memberId }) => removeMember(p, { actor, team: 'default', userId: memberId }),
  },
  setMemberRole: {
    least: 'owner',
    useCase: (p, actor, { memberId }) => setMemberRole(p, { actor, team: 'default', userId: memberId, role: 'viewer' }),
  },
};

describe('rights', () => {
  let world: World;
  let actors: Record<Person, Actor>;
  beforeAll(async () => {
    world = await openWorld();
    actors = {
      owner: world.owner,
      admin: await world.addUser('admin'),
      member: await world.addUser('member'),
      viewer: await world.addUser('viewer'),
      stranger: await world.addUser(null),
    };
  }, 60_000);
  afterAll(() => world.close());

  /** A fresh app with a live release and a waiting build, so that each cell stands alone. */
  async function makeTarget(): Promise<Target> {
    const { id: appId, name: app } = await createApp(world.platform, { actor: world.owner });
    const { releaseId } = await deploy(world, appId, 'one');
    const { buildId } = await push(world.platform, world.owner, appId, 'two');
    const { userId: memberId } = await world.addUser('member');
    return { app, appId, releaseId, buildId: buildId ?? '', memberId };
  }

  const outcome = (call: Promise<unknown>) =>
    call.then(
      () => 'ok',
      (error: unknown) => {
        if (error instanceof UserError) return error.code;
        throw error;
      },
    );

  for (const [name, { useCase, least }] of Object.entries(table))
    for (const person of people) {
      const isAllowed = person !== 'stranger' && people.indexOf(person) <= people.indexOf(least);
      const expected = isAllowed ? 'ok' : person === 'stranger' ? 'not_found' : 'forbidden';
      it(`${name} by ${person}: ${expected}`, async () => {
        expect(await outcome(useCase(world.platform, actors[person], await makeTarget()))).toBe(expected);
      });
    }

  it('shows a stranger no app in the list, and no event', async () => {
    await makeTarget();
    expect(await listApps(world.platform, { actor: actors.stranger })).toEqual([]);
    expect(await listEvents(world.platform, { actor: actors.stranger })).toEqual([]);
    expect((await listApps(world.platform, { actor: actors.viewer })).length).toBeGreaterThan(0);
  });

  it('lets nobody give a role above the own one, and keeps an owner in the team', async () => {
    const { platform, owner } = world;
    const invite = createInvitation(platform, { actor: actors.admin, team: 'default', role: 'owner' });
    expect(await outcome(invite)).toBe('forbidden');
    const leave = removeMember(platform, { actor: owner, team: 'default', userId: owner.userId });
    expect(await outcome(leave)).toBe('conflict');
    const demote = setMemberRole(platform, { actor: owner, team: 'default', userId: owner.userId, role: 'viewer' });
    expect(await outcome(demote)).toBe('conflict');
  });
});
