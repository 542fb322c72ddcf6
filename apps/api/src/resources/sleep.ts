import { askSleep } from '@berth/platform/sleep/ask-sleep';
import { getSleep } from '@berth/platform/sleep/get-sleep';
import { setSleepExemption } from '@berth/platform/sleep/set-sleep-exemption';
import { getSleepPolicy, setSleepPolicy } from '@berth/platform/sleep/set-sleep-policy';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Api } from '../api.js';
import { personOf } from '../authenticate.js';
import { parseBody } from '../parse-body.js';
import { toWireSleep, toWireSleepPolicy, wireSleepPolicy } from '../wire/sleep.js';
import { type AppRequest, appOf } from './apps.js';

type EnvironmentRequest = FastifyRequest<{ Params: { team: string; environment: string } }>;

const wishes = { frozen: 'sleep', pushed_out: 'push_out', stopped: 'stop', image_only: 'put_away' } as const;
const depth = z.strictObject({ step: z.enum(['frozen', 'pushed_out', 'stopped', 'image_only']).default('frozen') });
const setting = z.strictObject({ setting: z.enum(['default', 'never']) });

/** Ours: apps that nobody uses sleep, and what that saves. */
export function addSleep(server: FastifyInstance, { platform }: Api): void {
  server.get('/apps/:app/sleep', async (request: AppRequest) => toWireSleep(await getSleep(platform, appOf(request))));
  server.patch('/apps/:app/sleep', async (request: AppRequest) => {
    const isExempt = parseBody(setting, request).setting === 'never';
    return toWireSleep(await setSleepExemption(platform, { ...appOf(request), isExempt }));
  });
  server.post('/apps/:app/actions/wake', async (request: AppRequest, reply) =>
    reply.code(202).send(toWireSleep(await askSleep(platform, { ...appOf(request), wish: 'wake' }))),
  );
  server.post('/apps/:app/actions/sleep', async (request: AppRequest, reply) => {
    const { step } = parseBody(depth, request);
    return reply.code(202).send(toWireSleep(await askSleep(platform, { ...appOf(request), wish: wishes[step] })));
  });

  const path = '/teams/:team/environments/:environment/sleep';
  const of = (request: EnvironmentRequest) => ({ actor: personOf(request), ...request.params });
  server.get(path, async (request: EnvironmentRequest) =>
    toWireSleepPolicy(await getSleepPolicy(platform, of(request))),
  );
  server.patch(path, async (request: EnvironmentRequest) => {
    const changes = parseBody(wireSleepPolicy, request);
    return toWireSleepPolicy(await setSleepPolicy(platform, { ...of(request), changes }));
  });
}
