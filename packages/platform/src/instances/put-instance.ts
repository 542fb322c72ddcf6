import type { InstanceState } from '@berth/domain/status';
import { addEvent } from '../events/add-event.js';
import { type Platform, transaction } from '../platform.js';
import { setInstanceState } from './set-instance-state.js';

export interface SeenInstance {
  rolloutId: string;
  appId: string;
  processType: string;
  /** 1 for web.1 */
  index: number;
  containerId: string | null;
  address: string | null;
  /** Null for a process that is not routed to. */
  port: number | null;
  state: InstanceState;
  exitCode?: number | null;
  message?: string;
}

/**
 * The row of one container. The same container again is the same row; another container in the same place is a new row,
 * and its router server is gone with the old one.
 */
export function putInstance(platform: Platform, seen: SeenInstance): Promise<{ id: string }> {
  const { rolloutId, appId, processType, index, containerId, address, port, state } = seen;
  const place = { rolloutId, processType, index };
  return transaction(platform, async (tx, after) => {
    const known = await tx.instance.findUnique({ where: { rolloutId_processType_index: place } });
    const isSame = known && known.state !== 'down' && (known.containerId ?? containerId) === containerId;
    if (isSame) {
      await tx.instance.update({ where: { id: known.id }, data: { containerId, address, port } });
      const { exitCode, message } = seen;
      if (known.state !== state)
        await setInstanceState(tx, after, { instanceId: known.id, to: state, exitCode, message });
      return { id: known.id };
    }
    if (known) {
      await tx.instance.delete({ where: { id: known.id } });
      after.wake.push('routes');
    }
    const { exitCode = null, message = null } = seen;
    const instance = await tx.instance.create({
      data: { ...place, appId, containerId, address, port, state, exitCode, message },
    });
    const data = { name: `${processType}.${index}` };
    await addEvent(tx, { name: `instance.${state}`, noun: 'instance', nounId: instance.id, appId, data });
    after.wake.push(`app:${appId}`, `rollout:${rolloutId}`);
    return { id: instance.id };
  });
}
