import type { Tx } from '@berth/db/client';
import { type InstanceState, instanceState } from '@berth/domain/status';
import { addEvent } from '../events/add-event.js';
import type { AfterCommit } from '../platform.js';

export interface InstanceMove {
  instanceId: string;
  to: InstanceState;
  exitCode?: number | null | undefined;
  /** Why, in one public sentence; taken away by the next move that has none. */
  message?: string | undefined;
}

/** The only code that changes an instance's state. Undefined: it is not one from which `to` may be reached. */
export async function setInstanceState(tx: Tx, after: AfterCommit, move: InstanceMove) {
  const { instanceId, to, exitCode, message } = move;
  const from = await tx.instance.findUnique({
    where: { id: instanceId },
    select: { state: true, rollout: { select: { release: { select: { version: true } } } } },
  });
  const [instance] = await tx.instance.updateManyAndReturn({
    where: { id: instanceId, state: { in: instanceState.mayMoveTo(to) } },
    data: {
      state: to,
      message: message ?? null,
      ...(exitCode === undefined ? {} : { exitCode }),
      ...(to === 'starting' ? { restarts: { increment: 1 } } : {}),
    },
  });
  if (!instance) return undefined;
  const { appId, rolloutId, processType, index } = instance;
  const name = `${processType}.${index}`;
  const data = { name, ...(message ? { message } : {}) };
  await addEvent(tx, { name: `instance.${to}`, noun: 'instance', nounId: instanceId, appId, data });
  after.wake.push(`app:${appId}`, `rollout:${rolloutId}`);
  if (to === 'stopping' || to === 'crashed') after.wake.push('instances');
  // After a good deploy the last line is of the old release's end: without its number it reads as if the app had gone down.
  const whose = from && (to === 'stopping' || to === 'down') ? ` (v${from.rollout.release.version})` : '';
  const text = `State changed from ${from?.state ?? 'starting'} to ${to}${whose}${message ? `: ${message}` : ''}`;
  after.lines.push({ appId, process: name, text });
  return instance;
}
