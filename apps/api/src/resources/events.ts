import { UserError } from '@berth/domain/errors';
import { listBuilds } from '@berth/platform/builds/list-builds';
import { listEvents } from '@berth/platform/events/list-events';
import { listReleases } from '@berth/platform/releases/list-releases';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Api } from '../api.js';
import { readDeploy } from '../streams/read-deploy.js';
import { toWireEvent } from '../wire/event.js';
import { toWireSteps } from '../wire/step.js';
import { type AppRequest, appOf } from './apps.js';

const query = z.object({
  after: z
    .string()
    .regex(/^\d{1,18}$/)
    .default('0'),
});

/** Our own resources beside Heroku's. */
export function addEvents(server: FastifyInstance, { platform }: Api): void {
  /** What happened to an app, oldest first, after event `?after=`. */
  server.get('/apps/:app/events', async (request: AppRequest) => {
    const parsed = query.safeParse(request.query);
    if (!parsed.success) throw new UserError('invalid_params', 'after is the number of an event.');
    const of = appOf(request);
    return (await listEvents(platform, { ...of, afterId: parsed.data.after })).map(toWireEvent);
  });
  /** The steps of the newest deploy: of its build, its release and its rollout, in the order they started. */
  server.get('/apps/:app/steps', async (request: AppRequest) => {
    const of = appOf(request);
    const [builds, releases] = await Promise.all([listBuilds(platform, of), listReleases(platform, of)]);
    const deploy = await readDeploy(platform, of, { build: builds[0], release: releases[0] });
    return toWireSteps(deploy);
  });
}
