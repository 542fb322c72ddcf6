import type { InstanceState, Sleep } from '@berth/db/generated/client';
import { joinFormation } from '@berth/domain/formation';
import { planGroups } from '@berth/domain/plan-rollout';
import { processTypesIn } from '@berth/domain/run-settings';
import { mayBeAsleep, sleepPolicyOf } from '@berth/domain/sleep-policy';
import { isEnded } from '@berth/domain/sleep-state';
import type { Platform } from '../platform.js';
import { surroundings } from '../surroundings.js';

/** What the rows say of an app that could sleep. Times are ms since 1970. */
export interface SleeperFacts {
  appId: string;
  environmentId: string;
  rolloutId: string;
  sleep: Sleep | null;
  mayBeAsleep: boolean;
  idleMs: number;
  /** The last request or deploy. */
  activeAt: number;
  hasWeb: boolean;
  openRequests: number;
  isWorking: boolean;
  isWhole: boolean;
  isDown: boolean;
  /** Containers of its current rollout. */
  containerIds: string[];
}

/** All apps that have something running, or would if they did not sleep. */
export async function listSleepers(platform: Platform, now: Date): Promise<SleeperFacts[]> {
  const [apps, busy] = await Promise.all([findApps(platform), findBusy(platform)]);
  return apps.map((app) => {
    const rolloutId = app.route?.rolloutId ?? '';
    const hasEnded = app.sleep !== null && isEnded(app.sleep.state);
    const policy = sleepPolicyOf(app.environment);
    const image = app.currentRelease?.image;
    const processTypes = image ? processTypesIn(image, app.currentRelease?.sections ?? []) : [];
    const groups = planGroups(joinFormation(app.formation, processTypes, app.environment));
    const own = app.instances.filter((instance) => instance.rolloutId === rolloutId);
    const isRollingOut = app.rollouts.some(({ status }) => status === 'pending' || status === 'running');
    const deployedAt = app.rollouts.find(({ id }) => id === rolloutId)?.endedAt?.getTime() ?? now.getTime();
    return {
      appId: app.id,
      environmentId: app.environmentId,
      rolloutId,
      sleep: app.sleep,
      mayBeAsleep: !app.sleep?.isExempt && app.debugUntil === null && mayBeAsleep(policy, now),
      idleMs: (policy.afterMinutes ?? 0) * 60_000,
      activeAt: Math.max(app.route?.lastRequestAt?.getTime() ?? 0, deployedAt, awakeSince(app.sleep)),
      hasWeb: groups.some(({ isRouted, quantity }) => isRouted && quantity > 0),
      openRequests: app.instances.reduce((sum, { server }) => sum + (server?.openRequests ?? 0), 0),
      isWorking: isRollingOut || busy.has(app.id),
      isWhole: hasEnded || isWhole(own, groups),
      isDown: own.every(({ state }) => state === 'down'),
      containerIds: own.flatMap(({ containerId, state }) =>
        containerId && (state !== 'down' || hasEnded) ? [containerId] : [],
      ),
    };
  });
}

const findApps = ({ db }: Platform) =>
  db.app.findMany({
    where: { destroyedAt: null, route: { rolloutId: { not: null } } },
    select: {
      ...{ id: true, environmentId: true, sleep: true, formation: true, debugUntil: true },
      environment: { select: { sleep: true, ...surroundings } },
      route: { select: { rolloutId: true, lastRequestAt: true } },
      currentRelease: { select: { sections: true, image: { select: { processTypes: true, environments: true } } } },
      rollouts: { where: { retiredAt: null }, select: { id: true, status: true, endedAt: true } },
      instances: {
        where: { rollout: { retiredAt: null } },
        select: {
          ...{ rolloutId: true, processType: true, state: true, containerId: true },
          server: { select: { openRequests: true } },
        },
      },
    },
  });

/** Apps with a release, a build, a cron run or a one-off under way: few of hundreds, so they are asked for by themselves. */
async function findBusy({ db }: Platform): Promise<Set<string>> {
  const underWay = {
    where: { status: { in: ['pending' as const, 'running' as const] } },
    select: { appId: true },
  };
  const found = await Promise.all([
    db.release.findMany(underWay),
    db.build.findMany(underWay),
    db.cronRun.findMany(underWay),
    db.oneOff.findMany(underWay),
  ]);
  return new Set(found.flat().map(({ appId }) => appId));
}

const awakeSince = (sleep: Sleep | null): number => (sleep?.state === 'awake' ? sleep.since.getTime() : 0);

function isWhole(
  instances: readonly { processType: string; state: InstanceState }[],
  groups: readonly { processType: string; quantity: number }[],
): boolean {
  const there = instances.filter(({ state }) => state !== 'down');
  const wanted = groups.reduce((sum, { quantity }) => sum + quantity, 0);
  const countOf = (type: string) => there.filter((instance) => instance.processType === type).length;
  return (
    there.every(({ state }) => state === 'up') &&
    there.length === wanted &&
    groups.every(({ processType: type, quantity }) => countOf(type) === quantity)
  );
}
