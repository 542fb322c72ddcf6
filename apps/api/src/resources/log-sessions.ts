import { getApp } from '@berth/platform/apps/get-app';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type Api, ownUrl } from '../api.js';
import { personOf } from '../authenticate.js';
import { parseBody } from '../parse-body.js';
import { toWireLogSession } from '../wire/log-session.js';
import type { AppRequest } from './apps.js';

/** Heroku's `lines` goes to 1500. */
const session = z.object({
  lines: z.coerce.number().int().min(0).max(1500).default(100),
  tail: z.boolean().default(false),
  source: z.string().max(100).optional(),
  dyno: z.string().max(100).optional(),
});

export function addLogSessions(server: FastifyInstance, { platform, signer }: Api): void {
  server.post('/apps/:app/log-sessions', async (request: AppRequest, reply) => {
    const wanted = parseBody(session, request);
    const actor = personOf(request);
    const app = await getApp(platform, { actor, app: request.params.app });
    const signed = signer.sign({ kind: 'log', userId: actor.userId, appId: app.id, ...wanted });
    return reply.code(201).send(toWireLogSession(`${ownUrl(request)}/streams/log/${signed}`));
  });
}
