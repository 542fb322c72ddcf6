import { processName } from '@berth/domain/process-type';
import { getApp } from '@berth/platform/apps/get-app';
import { startOneOff } from '@berth/platform/one-offs/start-one-off';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Api } from '../api.js';
import { parseBody } from '../parse-body.js';
import { toWireOneOff } from '../wire/dyno.js';
import { type AppRequest, appOf } from './apps.js';

/** Longest run, s: as at Heroku. */
const dayMax = 24 * 3_600;

const variable = z
  .union([z.string().max(32_768), z.number()])
  .nullish()
  .transform((value) => (value === null || value === undefined ? undefined : String(value)));

/** What Heroku's CLI sends, and `time_to_live` of its API. */
const creation = z.object({
  command: z.string().trim().min(1).max(32_768),
  attach: z.boolean().nullish(),
  env: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,255}$/, 'must be the name of a variable'), variable)
    .nullish(),
  force_no_tty: z.boolean().nullish(),
  size: z.string().nullish(),
  type: z.string().regex(processName, 'must be like run or worker').nullish(),
  time_to_live: z.int().min(1).max(dayMax).nullish(),
});

/** `heroku run`: a command in the app's current release. */
export function addOneOffs(server: FastifyInstance, { platform }: Api): void {
  server.post('/apps/:app/dynos', async (request: AppRequest, reply) => {
    const { command, env, ...wanted } = parseBody(creation, request);
    const app = await getApp(platform, appOf(request));
    const isAttached = wanted.attach ?? false;
    const { oneOff, secret } = await startOneOff(platform, {
      ...appOf(request),
      ...{ command, isAttached, hasTerminal: isAttached && !wanted.force_no_tty },
      type: wanted.type ?? undefined,
      size: wanted.size ?? undefined,
      env: Object.fromEntries(
        Object.entries(env ?? {}).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
      ),
      timeLimit: wanted.time_to_live ?? dayMax,
    });
    const attachUrl = secret ? `rendezvous://${publicHost(request, platform.addresses.port)}/${secret}` : null;
    return reply.code(201).send(toWireOneOff(oneOff, app, attachUrl));
  });
}

/** The host and port by which this client reached us, which has one port for everything. */
function publicHost({ headers: { host = 'localhost' } }: FastifyRequest, port: number): string {
  return /:\d+$/.test(host) ? host : `${host}:${port}`;
}
