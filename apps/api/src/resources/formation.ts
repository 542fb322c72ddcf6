import { UserError } from '@berth/domain/errors';
import { getApp } from '@berth/platform/apps/get-app';
import { listFormation } from '@berth/platform/formation/list-formation';
import { scaleFormation } from '@berth/platform/formation/scale-formation';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Api } from '../api.js';
import { releasePushed } from '../images/release-pushed.js';
import { parseBody } from '../parse-body.js';
import { toWireFormation } from '../wire/formation.js';
import { type AppRequest, appOf } from './apps.js';

/** The CLI sends quantities as strings: `"2"`, `"+1"`, `"-1"`. */
const quantity = z.union([
  z.number().int().min(0),
  z
    .string()
    .regex(/^[+-]?\d{1,4}$/, 'is a number like 2, +1 or -1')
    .transform((text) => (/^[+-]/.test(text) ? (text as `+${number}` | `-${number}`) : Number(text))),
]);
/** Heroku takes a size as its name or as an object with it. */
const size = z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]);
const change = z.object({ quantity: quantity.optional(), size: size.optional(), dyno_size: size.optional() });
/** `docker_image` is what `heroku container:release` sends: the id of an image that was pushed. */
const update = change.extend({ type: z.string(), docker_image: z.string().optional() });
const updates = z.object({ updates: z.array(update).min(1) });

type Change = z.infer<typeof change>;

export function addFormation(server: FastifyInstance, api: Api): void {
  server.get('/apps/:app/formation', async (request: AppRequest) => (await formationOf(api, request)).all);
  server.get('/apps/:app/formation/:type', (request: AppRequest<{ type: string }>) => typeOf(api, request));
  server.patch('/apps/:app/formation', async (request: AppRequest) => {
    const { updates: wanted } = parseBody(updates, request);
    const { scaled, released } = splitUpdates(wanted);
    if (isSome(released)) await releasePushed(api, appOf(request), released);
    if (isSome(scaled)) await scale(api, request, scaled);
    const types = new Set(wanted.map(({ type }) => type));
    return (await formationOf(api, request)).all.filter(({ type }) => types.has(type));
  });
  server.patch('/apps/:app/formation/:type', async (request: AppRequest<{ type: string }>) => {
    await scale(api, request, [{ ...parseBody(change, request), type: request.params.type }]);
    return typeOf(api, request);
  });
}

type Update = z.infer<typeof update>;

/** What changes a quantity or size, and what releases an image. */
function splitUpdates(wanted: readonly Update[]) {
  const released = wanted.flatMap(({ type, docker_image: reference }) =>
    reference === undefined ? [] : [{ processType: type, reference }],
  );
  const scaled = wanted.filter(
    ({ docker_image: image, quantity, size, dyno_size }) => !image || (quantity ?? size ?? dyno_size) !== undefined,
  );
  return { released, scaled };
}

const isSome = <T>(list: readonly T[]): list is readonly [T, ...T[]] => list.length > 0;

async function scale(
  { platform }: Api,
  request: AppRequest,
  wanted: readonly (Change & { type: string })[],
): Promise<void> {
  const changes = wanted.map(({ type, quantity, size, dyno_size }) => ({
    processType: type,
    ...(quantity !== undefined && { quantity }),
    ...((size ?? dyno_size) && { size: size ?? dyno_size }),
  }));
  await scaleFormation(platform, { ...appOf(request), changes });
}

async function formationOf({ platform }: Api, request: AppRequest) {
  const of = appOf(request);
  const app = await getApp(platform, of);
  const formation = await listFormation(platform, of);
  return { app, all: formation.map((one) => toWireFormation(one, app)) };
}

async function typeOf(api: Api, request: AppRequest<{ type: string }>) {
  const { app, all } = await formationOf(api, request);
  const found = all.find(({ type }) => type === request.params.type);
  if (!found)
    throw new UserError('not_found', `Couldn't find that process type: ${app.name} has no ${request.params.type}.`, {
      resource: 'formation',
    });
  return found;
}
