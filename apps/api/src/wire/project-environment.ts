import type { ProjectView } from '@berth/platform/projects/get-project';
import { ref } from './app.js';

/** Ours: a project environment. `steps` are those of each service's build, release and rollout, where one environment is asked for. */
export function toWireProject(view: ProjectView) {
  return {
    id: view.id,
    name: view.name,
    kind: 'project',
    team: ref(view.team),
    base: ref(view.base),
    owner: view.owner,
    status: view.status,
    message: view.message,
    until_merged: view.untilMerged,
    created_at: view.createdAt,
    expires_at: view.expiresAt,
    warned_at: view.warnedAt,
    services: view.services.map(toWireService),
    fallbacks: view.fallbacks.map(({ service, app, commit }) => ({ service, app: app && ref(app), commit })),
    detours: view.detours,
  };
}

const toWireService = (service: ProjectView['services'][number]) => ({
  service: service.service,
  app: ref(service.app),
  web_url: service.webUrl,
  status: service.status,
  message: service.message,
  branch: service.branch,
  commit: service.commit,
  release: service.release,
  build: service.build,
  steps: service.steps.map(({ id, name, startedAt, endedAt, errorMessage }) => ({
    ...{ id, name, started_at: startedAt, ended_at: endedAt },
    failure: errorMessage,
  })),
  asked_at: service.askedAt,
  ended_at: service.endedAt,
});
