import { notFound } from '@berth/domain/errors';
import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import { type Platform, transaction } from '../platform.js';
import { findCurrentRollout } from '../rollouts/find-current.js';
import { setInstanceState } from './set-instance-state.js';

/**
 * Marks instances as stopping: all of the app, those of a process type, or one (`index`, from 1). The reconcile loop
 * puts new ones in their places. Returns how many; throws `not_found` when there is none of that name.
 */
export function restartInstances(
  platform: Platform,
  input: { actor: Actor; app: string; processType?: string | undefined; index?: number | undefined },
): Promise<number> {
  const { actor, app: name, processType, index } = input;
  return transaction(platform, async (tx, after) => {
    const app = await getAppFor(tx, { actor, app: name, right: 'app.restart' });
    const rollout = await findCurrentRollout(tx, app.id);
    const instances = await tx.instance.findMany({
      where: {
        rolloutId: rollout?.id ?? '',
        state: { notIn: ['down', 'stopping'] },
        ...(processType === undefined ? {} : { processType }),
        ...(index === undefined ? {} : { index }),
      },
    });
    if (instances.length === 0 && processType !== undefined)
      throw notFound('dyno', index === undefined ? processType : `${processType}.${index}`);
    for (const { id } of instances)
      await setInstanceState(tx, after, { instanceId: id, to: 'stopping', message: 'Restarted by a user.' });
    after.wake.push('instances');
    return instances.length;
  });
}
