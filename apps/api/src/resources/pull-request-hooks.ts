import { getPullRequestHook } from '@berth/platform/projects/get-pull-request-hook';
import { removePullRequestHook } from '@berth/platform/projects/remove-pull-request-hook';
import { rotateHookSecret } from '@berth/platform/projects/rotate-hook-secret';
import { type SetHook, setPullRequestHook } from '@berth/platform/projects/set-pull-request-hook';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Api } from '../api.js';
import { personOf } from '../authenticate.js';
import { parseBody } from '../parse-body.js';
import { ref } from '../wire/app.js';

type TeamRequest = FastifyRequest<{ Params: { team: string } }>;

const wanted = z.strictObject({
  base: z.string(),
  pattern: z.string().optional(),
  branches: z.string().optional(),
  ttl_hours: z.number().optional(),
  until_merged: z.boolean().optional(),
});

const of = (request: TeamRequest) => ({ actor: personOf(request), team: request.params.team });

/** Ours: a team's hook, of which it has one; its secret is shown when it is made and by nothing else. */
export function addPullRequestHook(server: FastifyInstance, { platform }: Api): void {
  const path = '/teams/:team/pull-request-hook';
  server.put(path, async (request: TeamRequest) => {
    const { ttl_hours: ttlHours, until_merged: untilMerged, ...wish } = parseBody(wanted, request);
    const hook = await setPullRequestHook(platform, { ...of(request), ...wish, ttlHours, untilMerged });
    return { ...toWireHook(hook), secret: hook.secret };
  });
  const read = async (request: TeamRequest) => {
    const hook = await getPullRequestHook(platform, of(request));
    return {
      ...toWireHook(hook),
      owner: hook.owner,
      created_at: hook.createdAt,
      deliveries: hook.deliveries.map(({ host, service, branch, environment, outcome, message, createdAt }) => ({
        ...{ at: createdAt, host, pipeline: service, branch, environment, outcome, message },
      })),
    };
  };
  server.get(path, read);
  server.delete(path, async (request: TeamRequest) => {
    const was = await read(request);
    await removePullRequestHook(platform, of(request));
    return was;
  });
  server.post(`${path}/actions/rotate-secret`, async (request: TeamRequest) => {
    const secret = await rotateHookSecret(platform, of(request));
    return { ...(await read(request)), secret };
  });
}

function toWireHook(hook: Omit<SetHook, 'secret'>) {
  const { team, base, pattern, branches, ttlHours, untilMerged } = hook;
  return {
    ...{ team: ref(team), base, pattern, branches, ttl_hours: ttlHours, until_merged: untilMerged },
    path: `/hooks/pull-request/${team.name}`,
  };
}
