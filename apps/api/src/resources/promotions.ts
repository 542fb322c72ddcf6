import { UserError } from '@berth/domain/errors';
import { getPipeline } from '@berth/platform/pipelines/get-pipeline';
import { answerPromotion } from '@berth/platform/promotions/answer-promotion';
import { cancelPromotion } from '@berth/platform/promotions/cancel-promotion';
import { getGateOutput } from '@berth/platform/promotions/get-gate-output';
import { getPromotion } from '@berth/platform/promotions/get-promotion';
import { startPromotion } from '@berth/platform/promotions/start-promotion';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Api } from '../api.js';
import { personOf } from '../authenticate.js';
import { parseBody } from '../parse-body.js';
import { toWirePromotion, toWirePromotionTarget } from '../wire/pipeline.js';

type PromotionRequest = FastifyRequest<{ Params: { promotion: string } }>;
type GateRequest = FastifyRequest<{ Params: { promotion: string; position: string } }>;

const app = z.object({ app: z.object({ id: z.string() }) });
const creation = z.object({
  pipeline: z.object({ id: z.string() }),
  source: app.extend({ release: z.object({ id: z.string() }).nullish() }),
  targets: z.array(app).min(1),
  /** Ours: over environments in which the pipeline has an app. */
  skip_stages: z.boolean().optional(),
});
const answer = z.object({ comment: z.string().max(500).optional() });

const of = (request: PromotionRequest) => ({ actor: personOf(request), promotion: request.params.promotion });

/** Heroku's promotions, with approvals and what is shown before, which are ours. */
export function addPromotions(server: FastifyInstance, api: Api): void {
  const { platform } = api;
  server.post('/pipeline-promotions', async (request, reply) => {
    const { pipeline, source, targets, skip_stages: maySkip = false } = parseBody(creation, request);
    const actor = personOf(request);
    const target = await nextTarget(
      api,
      request,
      pipeline.id,
      targets.map((one) => one.app.id),
    );
    const release = source.release?.id;
    const promotion = await startPromotion(platform, { actor, source: source.app.id, target, release, maySkip });
    return reply.code(201).send(toWirePromotion(promotion));
  });
  server.get('/pipeline-promotions/:promotion', async (request: PromotionRequest) =>
    toWirePromotion(await getPromotion(platform, of(request))),
  );
  server.get('/pipeline-promotions/:promotion/promotion-targets', async (request: PromotionRequest) => [
    toWirePromotionTarget(await getPromotion(platform, of(request))),
  ]);
  server.get(`/pipeline-promotions/:promotion/gates/:position/output`, async (request: GateRequest, reply) => {
    const { promotion, position } = request.params;
    const output = await getGateOutput(platform, { actor: personOf(request), promotion, position: Number(position) });
    return reply.type('text/plain; charset=utf-8').send(output);
  });
  for (const [verb, isApproved] of [
    ['approve', true],
    ['reject', false],
  ] as const)
    server.post(`/pipeline-promotions/:promotion/${verb}`, async (request: PromotionRequest) => {
      const { comment } = parseBody(answer, request);
      return toWirePromotion(await answerPromotion(platform, { ...of(request), isApproved, comment }));
    });
  server.post('/pipeline-promotions/:promotion/cancel', async (request: PromotionRequest) =>
    toWirePromotion(await cancelPromotion(platform, of(request))),
  );
}

/**
 * One promotion goes one stage on. Heroku's CLI names all apps of its next stage, and our environments between the first
 * and the last are all `staging` to it: of those the next one is meant.
 */
async function nextTarget(
  { platform }: Api,
  request: FastifyRequest,
  pipelineId: string,
  targets: readonly string[],
): Promise<string> {
  const { name, apps } = await getPipeline(platform, { actor: personOf(request), pipeline: pipelineId });
  const found = apps.filter(({ id, name: appName }) => targets.includes(id) || targets.includes(appName));
  const [first] = found;
  if (!first) throw new UserError('invalid_params', `The targets are no apps of the pipeline ${name}.`);
  if (found.some(({ stage }) => stage !== first.stage))
    throw new UserError('invalid_params', 'A promotion goes one stage on: promote to the next one first.');
  return first.id;
}
