import { randomUUID } from 'node:crypto';
import { UserError } from '@berth/domain/errors';
import { beginDetours } from '@berth/platform/tethers/begin-detours';
import { checkTether } from '@berth/platform/tethers/check-tether';
import { endDetours } from '@berth/platform/tethers/end-detours';
import { findRedisAddress } from '@berth/platform/tethers/find-redis-address';
import { findTetherPlace, type TetherPlace } from '@berth/platform/tethers/find-tether-place';
import { noteTether } from '@berth/platform/tethers/note-tether';
import { renewDetours } from '@berth/platform/tethers/renew-detours';
import type { ServerMessage } from '@berth/tunnel/messages';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { Api } from '../api.js';
import { findPersonByToken, personOf } from '../authenticate.js';
import { parseQuery } from '../parse-body.js';
import { pipeToData, pipeToRedis, pipeToRouter } from '../tethers/pipe-stream.js';
import { Tether } from '../tethers/tether.js';

declare module 'fastify' {
  interface FastifyRequest {
    tetherWish: { machine: string; services: string[]; place: TetherPlace } | null;
    tether: Tether | null;
    redisAddress: string | null;
  }
}

type ConnectRequest = FastifyRequest<{ Params: { environment: string } }>;
type StreamRequest = FastifyRequest<{ Params: { tether: string; stream: string } }>;

const query = z.object({
  machine: z.uuid().default(() => randomUUID()),
  /** Services that the machine answers for. */
  detour: z.union([z.string().transform((one) => [one]), z.array(z.string())]).default([]),
  team: z.string().optional(),
});

const streamQuery = z.object({
  to: z.enum(['router', 'data', 'redis']).default('router'),
  /** Of a Redis server, as config vars have it. */
  host: z.string().default(''),
});

/**
 * Ours: people's own machines in environments, over WebSockets (packages/tunnel/src/messages has what is said there). What is
 * refused is refused before the upgrade, as any request is.
 */
export function addTethers(server: FastifyInstance, api: Api): void {
  server.decorateRequest('tetherWish', null);
  server.decorateRequest('tether', null);
  server.decorateRequest('redisAddress', null);
  const readWish = async (request: ConnectRequest) => {
    const { machine, detour, team } = parseQuery(query, request);
    const { environment } = request.params;
    const wanted = { actor: personOf(request), environment, team };
    const place = await findTetherPlace(api.platform, { ...wanted, detours: detour });
    request.tetherWish = { machine, services: [...new Set(detour)], place };
  };
  server.get('/environments/:environment/connect', { websocket: true, preHandler: readWish }, (socket, request) =>
    openTether(api, socket, request),
  );
  const ofTether = (request: StreamRequest) => ({ id: request.params.tether, userId: personOf(request).userId });
  const findForStream = async (request: StreamRequest) => {
    const { to, host } = parseQuery(streamQuery, request); // before the upgrade, for the sentence
    const tether = api.tethers.findForStream(ofTether(request));
    const { environmentId } = tether.place;
    if (to === 'redis')
      request.redisAddress = await findRedisAddress(api.platform, { actor: personOf(request), environmentId, host });
    request.tether = tether;
  };
  server.get('/tethers/:tether/streams', { websocket: true, preHandler: findForStream }, (socket, request) => {
    const { tether, redisAddress } = request;
    if (!tether) return socket.terminate();
    tether.add(socket);
    if (redisAddress !== null) pipeToRedis(socket, api.redisRouter, redisAddress);
    else if (parseQuery(streamQuery, request).to === 'data') pipeToData(socket, api.dataServer);
    else pipeToRouter(socket, api.internalRouter, tether.place.address);
  });
  const findTether = async (request: StreamRequest) => {
    request.tether = api.tethers.find(ofTether(request));
  };
  server.get(
    '/tethers/:tether/streams/:stream',
    { websocket: true, preHandler: findTether },
    (socket, { tether, params }: StreamRequest) => tether?.take(params.stream, socket),
  );
}

async function openTether(api: Api, socket: WebSocket, request: FastifyRequest): Promise<void> {
  const { platform, tethers, logger } = api;
  const { tetherWish: wish } = request;
  const { userId } = personOf(request);
  if (!wish) return socket.terminate();
  const { machine, services, place } = wish;
  const of = { actor: { userId }, environmentId: place.environmentId };
  const check = async () => {
    if (!(await findPersonByToken(api, request))) throw new UserError('unauthorized', 'Your API token ended.');
    await checkTether(platform, of);
  };
  try {
    await tethers.admit({ machine, userId }, async () => {
      const detours = await beginDetours(platform, { ...of, environment: place.environmentId, services });
      const ids = detours.map(({ id }) => id);
      const leave = async () => void (ids.length > 0 && (await endDetours(platform, { ids })));
      if (place.base === null) await noteTether(platform, of);
      if (socket.readyState !== socket.OPEN) return void (await leave()); // it left meanwhile
      const renew = () => renewDetours(platform, { ids });
      return new Tether({ machine, userId, place, socket, detours, check, renew, leave, logger });
    });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const refusal: ServerMessage = { type: 'end', message: error.publicMessage };
    socket.send(JSON.stringify(refusal));
    socket.close();
  }
}
