import type { RolloutReason } from '@berth/db/generated/client';
import type { RolloutStatus } from '@berth/domain/status';
import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';
import { type StepView, stepsInOrder } from '../steps/step-view.js';
import { findReleaseFor } from './find-release-for.js';
import { type ReleaseView, releaseInclude, toReleaseView } from './release-view.js';

export type { ReleaseView };

export interface RolloutView {
  id: string;
  reason: RolloutReason;
  status: RolloutStatus;
  error: { code: string; message: string } | null;
  createdAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
  steps: StepView[];
}

export type ReleaseDetail = ReleaseView & { steps: StepView[]; rollouts: RolloutView[] };

/** One release with the steps of its phase and of its rollouts. @param version number, `v3`, id or `current` */
export async function getRelease(
  platform: Platform,
  { actor, app: name, version }: { actor: Actor; app: string; version: number | string },
): Promise<ReleaseDetail> {
  const { app, release } = await findReleaseFor(platform, { actor, app: name, version, right: 'app.view' });
  const row = await platform.db.release.findUniqueOrThrow({
    where: { id: release.id },
    include: {
      ...releaseInclude,
      steps: stepsInOrder,
      rollouts: { orderBy: { createdAt: 'asc' }, include: { steps: stepsInOrder } },
    },
  });
  const users = await platform.db.user.findMany({ where: { id: row.userId } });
  return {
    ...toReleaseView(row, users, app.currentReleaseId),
    steps: row.steps,
    rollouts: row.rollouts.map(({ errorCode: code, errorMessage: message, ...rollout }) => ({
      id: rollout.id,
      reason: rollout.reason,
      status: rollout.status,
      error: code && message ? { code, message } : null,
      createdAt: rollout.createdAt,
      startedAt: rollout.startedAt,
      endedAt: rollout.endedAt,
      steps: rollout.steps,
    })),
  };
}
