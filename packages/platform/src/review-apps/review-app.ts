import type { ProjectServiceView, ProjectView } from '../projects/project-view.js';

/** A project environment of one service, on a branch: what Heroku calls a review app. Its id is the environment's. */
export interface ReviewApp {
  project: ProjectView;
  service: ProjectServiceView & { branch: string };
  pipelineId: string;
}

/** Undefined: the environment has several services, or its service is on no branch. */
export function toReviewApp(project: ProjectView, pipelineId: string): ReviewApp | undefined {
  const [service, second] = project.services;
  if (!service || second || service.branch === null) return undefined;
  return { project, service: { ...service, branch: service.branch }, pipelineId };
}
