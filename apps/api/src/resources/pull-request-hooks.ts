import { UserError } from '@berth/domain/errors';
import { findSignedHook } from '@berth/platform/projects/find-signed-hook';
import { setPullRequestHook } from '@berth/platform/projects/set-pull-request-hook';
import { takePullRequest } from '@berth/platform/projects/take-pull-request';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Api } from '../api.js';
import { personOf } from '../authenticate.js';
import { parseBody } from '../parse-body.js';
import { ref } from '../wire/app.js';

type TeamRequest = FastifyRequest<{ Params: { team: string } }>;

const repository = z.object({ name: z.string(), full_name: z.string() });
/** What we read of GitHub's `pull_request` event (https://docs.github.com/webhooks/webhook-events-and-payloads#pull_request). */
const delivery = z.object({
  action: z.string(),
  number: z.number().int(),
  pull_request: z.object({ head: z.object({ ref: z.string(), repo: repository.nullable() }) }),
  repository,
});
const wanted = z.strictObject({
  base: z.string(),
  pattern: z.string().optional(),
  branches: z.string().optional(),
  ttl_hours: z.number().optional(),
  until_merged: z.boolean().optional(),
});
const query = z.object({ pipeline: z.string().optional() });

/** Ours: setting a team's hook. */
export function addPullRequestHook(server: FastifyInstance, { platform }: Api): void {
  server.put('/teams/:team/pull-request-hook', async (request: TeamRequest) => {
    const { ttl_hours: ttlHours, until_merged: untilMerged, ...wish } = parseBody(wanted, request);
    const of = { actor: personOf(request), team: request.params.team };
    const hook = await setPullRequestHook(platform, { ...of, ...wish, ttlHours, untilMerged });
    return {
      team: ref(hook.team),
      base: hook.base,
      pattern: hook.pattern,
      branches: hook.branches,
      ttl_hours: hook.ttlHours,
      until_merged: hook.untilMerged,
      path: `/hooks/pull-request/${hook.team.name}`,
      secret: hook.secret,
    };
  });
}

/** Where a git hosting delivers: no sign-in but the signature. The body is read as bytes, which are what is signed. */
export function addPullRequestDeliveries(server: FastifyInstance, { platform }: Api): void {
  server.register(async (part) => {
    part.removeAllContentTypeParsers();
    part.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    part.post('/hooks/pull-request/:team', async (request: TeamRequest) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const signature = request.headers['x-hub-signature-256'];
      const hook = await findSignedHook(platform, {
        ...{ team: request.params.team, body },
        signature: typeof signature === 'string' ? signature : undefined,
      });
      if (request.headers['x-github-event'] !== 'pull_request') return { outcome: 'nothing' };
      const { action, number, pull_request: pull, repository: ours } = parseDelivery(body);
      // A fork's branches are not ours, and anybody may ask to pull them.
      if (pull.head.repo?.full_name !== ours.full_name) return { outcome: 'nothing' };
      const service = query.parse(request.query).pipeline ?? ours.name.toLowerCase();
      return takePullRequest(platform, hook, { action, number, branch: pull.head.ref, service });
    });
  });
}

function parseDelivery(body: Buffer): z.infer<typeof delivery> {
  try {
    return delivery.parse(JSON.parse(body.toString('utf8')));
  } catch {
    throw new UserError('bad_request', 'This is no pull_request event: choose the content type application/json.');
  }
}
