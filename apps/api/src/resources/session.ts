import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Api } from '../api.js';
import { checkOrigin, webHeaders } from '../authenticate.js';

/**
 * better-auth's own endpoints (sign-in, sign-out, session) below /api/auth of the dashboard's origin.
 * The body goes to it as it came.
 */
export function addSession(server: FastifyInstance, api: Api): void {
  server.register(async (part) => {
    part.removeAllContentTypeParsers();
    part.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    part.route({
      method: ['GET', 'POST'],
      url: '/api/auth/*',
      handler: async (request, reply) => {
        checkOrigin(request, api);
        return answer(await api.auth.handler(toWeb(api, request)), reply);
      },
    });
  });
}

function toWeb(api: Api, request: FastifyRequest): Request {
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
  return new Request(new URL(request.url, api.dashboardUrl), {
    method: request.method,
    headers: webHeaders(request),
    ...(hasBody && request.body ? { body: new Uint8Array(request.body as Buffer) } : {}),
  });
}

async function answer(response: Response, reply: FastifyReply): Promise<FastifyReply> {
  reply.code(response.status);
  for (const [name, value] of response.headers) if (name !== 'set-cookie') reply.header(name, value);
  for (const cookie of response.headers.getSetCookie()) reply.header('set-cookie', cookie);
  return reply.send(Buffer.from(await response.arrayBuffer()));
}
