import type { Tx } from '@berth/db/client';
import { type ServiceStatus, serviceStatus } from '@berth/domain/status';
import { addEvent } from '../events/add-event.js';
import type { AfterCommit } from '../platform.js';

export interface ServiceMove {
  appId: string;
  /** What the move is about: when something else was asked for meanwhile, it is nobody's. */
  wish: number;
  to: ServiceStatus;
  buildId?: string | null;
  releaseId?: string | null;
  commit?: string;
  /** Public. */
  errorMessage?: string;
}

/** The only code, beside ask-again, that changes the status of a project environment's service. False: somebody else moved it first. */
export async function moveService(tx: Tx, after: AfterCommit, move: ServiceMove): Promise<boolean> {
  const { appId, wish, to, errorMessage = null, ...more } = move;
  const isOver = to === 'ready' || to === 'failed';
  const [moved] = await tx.projectService.updateManyAndReturn({
    where: { appId, wish, status: { in: serviceStatus.mayMoveTo(to) } },
    data: { ...more, status: to, errorMessage, endedAt: isOver ? new Date() : null },
    include: { app: { select: { environmentId: true, name: true } } },
  });
  if (!moved) return false;
  const { environmentId } = moved.app;
  const data = { environmentId, ...(errorMessage ? { message: errorMessage } : {}) };
  await addEvent(tx, { name: `service.${to}`, noun: 'service', nounId: appId, appId, data });
  after.wake.push(`app:${appId}`, `environment:${environmentId}`);
  return true;
}
