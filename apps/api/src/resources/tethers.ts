import { randomUUID } from 'node:crypto';
import { UserError } from '@berth/domain/errors';
import { checkTether } from '@berth/platform/tethers/check-tether';
import { findTetherPlace, type TetherPlace } from '@berth/platform/tethers/find-tether-place';
import type { ServerMessage } from '@berth/tunnel/messages';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { Api } from '../api.js';
import { findPersonByToken, personOf } from '../authenticate.js';
import { parseQuery } from '../parse-body.js';
import { pipeToRouter } from '../tethers/pipe-to-router.js';
import type { Tether } from '../tethers/tether.js';

declare module 'fastify' {
  interface FastifyRequest {
    tetherWish: { machine: string; place: TetherPlace } | null;
    tether: Tether | null;
  }
}

type ConnectRequest = FastifyRequest<{ Params: { environment: string } }>;
type StreamRequest = FastifyRequest<{ Params: { tether: string } }>;

const query = z.object({ machine: z.uuid().default(() => randomUUID()) });

/**
 * Ours: people's own machines in project environments, over WebSockets (packages/tunnel/src/messages has what is said there). What is
 * refused is refused before the upgrade, as any request is.
 */
export function addTethers(server: FastifyInstance, api: Api): void {
  server.decorateRequest('tetherWish', null);
  server.decorateRequest('tether', null);
  const readWish = async (request: ConnectRequest) => {
    const { machine } = parseQuery(query, request);
    const { environment } = request.params;
    const place = await findTetherPlace(api.platform, { actor: personOf(request), environment });
    request.tetherWish = { machine, place };
  };
  server.get('/environments/:environment/connect', { websocket: true, preHandler: readWish }, (socket, request) =>
    openTether(api, socket, request),
  );
  const findTether = async (request: StreamRequest) => {
    const { userId } = personOf(request);
    request.tether = api.tethers.findForStream({ id: request.params.tether, userId });
  };
  server.get('/tethers/:tether/streams', { websocket: true, preHandler: findTether }, (socket, { tether }) => {
    if (!tether) return socket.terminate();
    tether.add(socket);
    pipeToRouter(socket, api.internalRouter, tether.place.address);
  });
}

async function openTether(api: Api, socket: WebSocket, request: FastifyRequest): Promise<void> {
  const { tetherWish: wish } = request;
  const { userId } = personOf(request);
  if (!wish) return socket.terminate();
  const { environmentId } = wish.place;
  const check = async () => {
    if (!(await findPersonByToken(api, request))) throw new UserError('unauthorized', 'Your API token ended.');
    await checkTether(api.platform, { actor: { userId }, environmentId });
  };
  try {
    await api.tethers.open({ ...wish, userId, socket, check, logger: api.logger });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const refusal: ServerMessage = { type: 'end', message: error.publicMessage };
    socket.send(JSON.stringify(refusal));
    socket.close();
  }
}
