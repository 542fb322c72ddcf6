import { UserError } from '@berth/domain/errors';
import { getApp } from '@berth/platform/apps/get-app';
import { getPipeline } from '@berth/platform/pipelines/get-pipeline';
import { destroyProject } from '@berth/platform/projects/destroy-project';
import { createReviewApp } from '@berth/platform/review-apps/create-review-app';
import { findReviewAppConfig } from '@berth/platform/review-apps/find-review-app-config';
import { findStoredBranch } from '@berth/platform/review-apps/find-stored-branch';
import { getReviewApp } from '@berth/platform/review-apps/get-review-app';
import { listReviewApps } from '@berth/platform/review-apps/list-review-apps';
import { removeReviewAppConfig } from '@berth/platform/review-apps/remove-review-app-config';
import { setReviewAppConfig } from '@berth/platform/review-apps/set-review-app-config';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Api } from '../api.js';
import { personOf } from '../authenticate.js';
import { parseBody } from '../parse-body.js';
import { repositoryName, toWireReviewApp, toWireReviewAppConfig } from '../wire/review-app.js';
import { type AppRequest, appOf } from './apps.js';

type PipelineRequest = FastifyRequest<{ Params: { pipeline: string; branch: string } }>;
type ReviewAppRequest = FastifyRequest<{ Params: { reviewApp: string } }>;

const of = (request: PipelineRequest) => ({ actor: personOf(request), pipeline: request.params.pipeline });

const settings = z.strictObject({
  automatic_review_apps: z.boolean().optional(),
  destroy_stale_apps: z.boolean().optional(),
  stale_days: z.number().optional(),
  wait_for_ci: z.boolean().optional(),
  /** What the CLI says beside them: the pipeline, and the repository as `GET /pipelines/:pipeline/repo` told it. */
  pipeline: z.string().optional(),
  repo: z.string().nullish(),
});
const creation = z.strictObject({
  branch: z.string(),
  pipeline: z.string(),
  source_blob: z.object({ url: z.string(), version: z.string().nullish() }),
  environment: z.record(z.string(), z.unknown()).nullish(),
  pr_number: z.number().nullish(),
  fork_repo_id: z.number().nullish(),
});

/** Heroku's review apps and what is said of them, by pipeline: project environments of one service (docs/environments.md). */
export function addReviewApps(server: FastifyInstance, { platform }: Api): void {
  const set = async (request: PipelineRequest, mustBeThere: boolean) => {
    const body = parseBody(settings, request);
    refuseMissing(body.wait_for_ci === true, 'Berth runs no CI that a review app could wait for.');
    const { team, name } = await getPipeline(platform, of(request));
    const own = repositoryName({ team, pipeline: { name } });
    refuseMissing(!!body.repo && body.repo !== own, `Berth fetches nothing: review apps of ${name} come from ${own}.`);
    const { automatic_review_apps: isAutomatic, destroy_stale_apps: destroysStale, stale_days: staleDays } = body;
    const changes = { isAutomatic, destroysStale, staleDays };
    return toWireReviewAppConfig(await setReviewAppConfig(platform, { ...of(request), changes, mustBeThere }));
  };
  server.get('/pipelines/:pipeline/review-app-config', async (request: PipelineRequest) =>
    toWireReviewAppConfig(await findReviewAppConfig(platform, of(request))),
  );
  server.post('/pipelines/:pipeline/review-app-config', async (request: PipelineRequest, reply) =>
    reply.code(201).send(await set(request, false)),
  );
  server.patch('/pipelines/:pipeline/review-app-config', (request: PipelineRequest) => set(request, true));
  server.delete('/pipelines/:pipeline/review-app-config', async (request: PipelineRequest) =>
    toWireReviewAppConfig(await removeReviewAppConfig(platform, of(request))),
  );

  server.get('/pipelines/:pipeline/review-apps', async (request: PipelineRequest) =>
    (await listReviewApps(platform, of(request))).map((one) => toWireReviewApp(one)),
  );
  server.post('/review-apps', async (request, reply) => {
    const body = parseBody(creation, request);
    refuseMissing(
      body.source_blob.url !== 'resolve' || !!body.fork_repo_id,
      "Berth fetches nothing: push the branch to the pipeline's git remote, and leave its source to Berth (resolve).",
    );
    refuseMissing(
      Object.keys(body.environment ?? {}).length > 0,
      'A review app starts with the config of its base: set config vars of its own once it is there.',
    );
    const { branch, pipeline } = body;
    const made = await createReviewApp(platform, { actor: personOf(request), pipeline, branch });
    return reply.code(201).send(toWireReviewApp(made));
  });
  const find = (request: ReviewAppRequest) =>
    getReviewApp(platform, { actor: personOf(request), reviewApp: request.params.reviewApp });
  server.get('/review-apps/:reviewApp', async (request: ReviewAppRequest) => toWireReviewApp(await find(request)));
  server.delete('/review-apps/:reviewApp', async (request: ReviewAppRequest) => {
    const found = await find(request);
    await destroyProject(platform, { actor: personOf(request), environment: found.project.id });
    return toWireReviewApp(found, 'deleting');
  });
  server.get('/apps/:app/review-app', async (request: AppRequest) => {
    const { environment } = await getApp(platform, appOf(request));
    return toWireReviewApp(await getReviewApp(platform, { actor: personOf(request), reviewApp: environment.id }));
  });
}

/** What the CLI asks of the repository that a pipeline is connected to: here its own git remote. */
export function addPipelineRepository(server: FastifyInstance, { platform }: Api): void {
  server.get('/pipelines/:pipeline/repo', async (request: PipelineRequest) => {
    const { id, name, team, gitUrl } = await getPipeline(platform, of(request));
    return { id, name, full_name: repositoryName({ team, pipeline: { name } }), git_url: gitUrl };
  });
  server.get('/pipelines/:pipeline/repo/branches/:branch', async (request: PipelineRequest) => {
    const { branch } = request.params;
    const { name, commit } = await findStoredBranch(platform, { ...of(request), branch });
    return { name, commit: { sha: commit } };
  });
}

function refuseMissing(isAsked: boolean, sentence: string): void {
  if (isAsked) throw new UserError('unsupported', sentence);
}
