import type { ServiceStatus } from '@berth/domain/status';
import type { ReviewAppConfig } from '@berth/platform/review-apps/find-review-app-config';
import type { ReviewApp } from '@berth/platform/review-apps/review-app';
import { ref } from './app.js';

/** Heroku's words for how far a review app is; it waits on `pending` and `creating`. */
const statuses = {
  pending: 'pending',
  building: 'creating',
  starting: 'creating',
  ready: 'created',
  failed: 'errored',
} as const satisfies Record<ServiceStatus, string>;

/** Heroku's `review-app`; pull requests have no number here, and nothing waits for a CI. */
export function toWireReviewApp({ project, service, pipelineId }: ReviewApp, status?: 'deleting') {
  return {
    id: project.id,
    app: ref(service.app),
    app_setup: null,
    branch: service.branch,
    created_at: project.createdAt,
    updated_at: service.endedAt ?? service.askedAt,
    creator: project.owner,
    ...{ error_status: service.message, message: service.message },
    fork_repo: null,
    pipeline: { id: pipelineId, name: service.service },
    pr_number: null,
    status: status ?? statuses[service.status],
    wait_for_ci: false,
    // ours
    environment: { id: project.id, name: project.name },
    web_url: service.webUrl,
    expires_at: project.expiresAt,
  };
}

/** Heroku's `review-app-config`. The repository is the pipeline's own git remote. */
export function toWireReviewAppConfig(config: ReviewAppConfig) {
  return {
    pipeline_id: config.pipeline.id,
    repo: { id: config.pipeline.id, full_name: repositoryName(config) },
    automatic_review_apps: config.isAutomatic,
    destroy_stale_apps: config.staleDays !== null,
    stale_days: config.staleDays,
    deploy_target: null,
    base_name: config.pipeline.name,
    wait_for_ci: false,
    user: { id: config.userId }, // ours: who enabled them
  };
}

/** The path of the pipeline's git remote, without `.git`: as GitHub's names of repositories look. */
export const repositoryName = ({ team, pipeline }: { team: { name: string }; pipeline: { name: string } }): string =>
  `${team.name}/${pipeline.name}`;
