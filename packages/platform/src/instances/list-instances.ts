import { isAsleep, isEnded } from '@berth/domain/sleep-state';
import type { InstanceState } from '@berth/domain/status';
import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import type { Platform } from '../platform.js';
import { findCurrentRollout } from '../rollouts/find-current.js';
import { toWork, workInclude } from '../rollouts/read-work.js';

export interface InstanceView {
  id: string;
  /** `web.1` */
  name: string;
  processType: string;
  index: number;
  /** `idle`, Heroku's word: the app sleeps. */
  state: InstanceState | 'idle';
  command: string;
  size: string;
  releaseId: string;
  releaseVersion: number;
  createdAt: Date;
  updatedAt: Date;
  message: string | null;
}

/** The instances that serve, of the current rollout; during a first deploy those that are being started. */
export async function listInstances(
  platform: Platform,
  { actor, app: name }: { actor: Actor; app: string },
): Promise<InstanceView[]> {
  const app = await getAppFor(platform.db, { actor, app: name, right: 'app.view' });
  const rollout =
    (await findCurrentRollout(platform.db, app.id)) ??
    (await platform.db.rollout.findFirst({ where: { appId: app.id, status: 'running' } }));
  if (!rollout) return [];
  const sleep = await platform.db.sleep.findUnique({ where: { appId: app.id } });
  const sleeps = sleep !== null && sleep.rolloutId === rollout.id && isAsleep(sleep.state);
  const [release, instances] = await Promise.all([
    platform.db.release.findUniqueOrThrow({ where: { id: rollout.releaseId }, include: workInclude }),
    platform.db.instance.findMany({
      where: { rolloutId: rollout.id, ...(sleeps && isEnded(sleep.state) ? {} : { state: { not: 'down' } }) },
      orderBy: [{ processType: 'asc' }, { index: 'asc' }],
    }),
  ]);
  const formation = toWork(platform, release)?.formation ?? [];
  const isWanted = ({ processType, index }: { processType: string; index: number }) =>
    formation.some((each) => each.processType === processType && index <= each.quantity);
  return instances
    .filter((one) => one.state !== 'down' || isWanted(one))
    .map(({ id, processType, index, state, createdAt, updatedAt, message }) => {
      const entry = formation.find((each) => each.processType === processType);
      return {
        id,
        name: `${processType}.${index}`,
        processType,
        index,
        state: sleeps ? 'idle' : state,
        command: entry?.command ?? '',
        size: entry?.size ?? '',
        releaseId: release.id,
        releaseVersion: release.version,
        createdAt,
        updatedAt,
        message,
      };
    });
}
