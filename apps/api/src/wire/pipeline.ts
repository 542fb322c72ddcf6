import type { CoupledApp, PipelineView } from '@berth/platform/pipelines/list-pipelines';
import type { GateView, PromotionView } from '@berth/platform/promotions/get-promotion';
import { ref } from './app.js';

const generation = { id: 'cedar', name: 'cedar' };

/** Heroku's `pipeline`. Its owner is a team, and there are no others' apps in it: the CLI would warn of each person's. */
export function toWirePipeline(pipeline: PipelineView) {
  const { id, name, createdAt } = pipeline;
  return {
    ...{ id, name, created_at: createdAt, updated_at: createdAt, owner: null, generation },
    // ours
    team: ref(pipeline.team),
    git_url: pipeline.gitUrl,
    apps: pipeline.apps.map((app) => ({ ...ref(app), environment: ref(app.environment), stage: app.stage })),
  };
}

/** Heroku's `pipeline-coupling`: an app is in one pipeline at the most, so that it has the app's id. */
export function toWireCoupling(pipeline: PipelineView, app: CoupledApp) {
  return {
    id: app.id,
    app: ref(app),
    pipeline: ref(pipeline),
    stage: app.stage,
    created_at: app.createdAt,
    updated_at: app.createdAt,
    environment: ref(app.environment), // ours
  };
}

/** Heroku's `pipeline-promotion`, which is pending or completed, and what we know beside it. */
export function toWirePromotion(promotion: PromotionView) {
  const { id, status, source, target, createdAt, endedAt } = promotion;
  return {
    id,
    pipeline: ref(promotion.pipeline),
    source: { app: { id: source.app.id, name: source.app.name }, release: { version: source.version } },
    status: endedAt ? 'completed' : 'pending',
    created_at: createdAt,
    updated_at: endedAt ?? promotion.startedAt ?? createdAt,
    // ours
    state: status,
    target: { app: ref(target.app), environment: target.environment, release: promotion.release },
    image: promotion.image,
    user: promotion.person,
    approvals_wanted: promotion.approvalsWanted,
    approvals: promotion.approvals.map(({ person, isApproved, comment, createdAt: at }) => ({
      ...{ user: person, approved: isApproved, comment, created_at: at },
    })),
    error: promotion.error,
    gates: promotion.gates.map((gate) => toWireGate(gate, id)),
  };
}

/** `output`: the path of what a command printed. */
function toWireGate({ position, path, command, state, message, startedAt, endedAt }: GateView, promotionId: string) {
  return {
    ...{ position, path, command, state, message },
    output:
      command === null || endedAt === null ? null : `/pipeline-promotions/${promotionId}/gates/${position}/output`,
    ...{ started_at: startedAt, ended_at: endedAt },
  };
}

/**
 * Heroku's `pipeline-promotion-target`. Its CLI asks until a target has succeeded or failed: one that waits for people is
 * told as failed, with a sentence that says how it goes on, else the command would hang for as long as they take.
 */
export function toWirePromotionTarget(promotion: PromotionView) {
  const { id, status, target, release } = promotion;
  return {
    id,
    app: ref(target.app),
    pipeline_promotion: { id },
    release: release && { id: release.id },
    status: status === 'succeeded' ? 'succeeded' : status === 'running' ? 'pending' : 'failed',
    error_message: promotion.error?.message ?? (status === 'pending' ? waiting(promotion) : null),
  };
}

function waiting({ id, approvals, approvalsWanted, target }: PromotionView): string {
  const missing = approvalsWanted - approvals.filter(({ isApproved }) => isApproved).length;
  const who = missing === 1 ? 'the approval of a second person' : `the approvals of ${missing} other people`;
  return `It waits for ${who}, as ${target.environment} asks, and goes on by itself then (promotion ${id}).`;
}
